//! Every table of `data/`, measured or recorded, and the samples that are simulated for more than
//! one reader. `data/README.md` says where the tables come from.
//!
//! The measured ones are here, and what belongs to one chapter is in the module that has its name.
//! All files are part of the program, so that nothing is read when it runs. The recorded ones are
//! remade by `cargo record`.

pub mod acceleration;
pub mod compression;
pub mod fit;
mod measured;
pub mod one_pass;
pub mod query;
pub mod search;
pub mod selection;
pub mod start;
mod table;
pub mod uncertainty;

pub use measured::{
    Class, Eruption, Galaxy, eruptions, galaxies, old_faithful, pearson, pearson_roots,
};
pub use table::{DataError, Line, Recorded, Row, Table, read, write};

/// Every table of `data/`: what was measured by others, then what our programs have recorded.
pub const TABLES: [Table; 15] = [
    Table::of::<Eruption>(),
    Table::of::<Galaxy>(),
    Table::of::<Class>(),
    Table::of::<start::Trial>(),
    Table::of::<selection::Fit>(),
    Table::of::<selection::Ratio>(),
    Table::of::<one_pass::Cost>(),
    Table::of::<compression::Timing>(),
    Table::of::<compression::Difference>(),
    Table::of::<acceleration::Run>(),
    Table::of::<acceleration::Gap>(),
    Table::of::<uncertainty::Block>(),
    Table::of::<fit::Peer>(),
    Table::of::<query::Cost>(),
    Table::of::<search::Compared>(),
];
