//! What is remembered between two requests.

use crate::data::Data;
use crate::run::Run;
use figures::bound::Slice;
use figures::grouped::Ridge;
use figures::start::Basins;
use sampling::Mixture;

/// The last of each kind.
#[derive(Default)]
pub(crate) struct Shelf {
    pub data: Kept<Data>,
    pub start: Kept<Mixture>,
    pub run: Kept<Run>,
    pub slice: Kept<Slice>,
    pub basins: Kept<Basins>,
    pub ridge: Kept<Ridge>,
    /// Numbers of the reader's own that are too many to be sent with every request.
    pub own: Kept<Vec<f64>>,
}

/// The last thing that was made, and what it was made from.
pub(crate) struct Kept<T>(Option<(String, T)>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Kept<T> {
    /// The thing of that name: the last one if it has the name, else a new one. If that cannot be
    /// made, the last one stays.
    pub fn get<E>(
        &mut self,
        name: &str,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<&mut T, E> {
        let kept = match self.0.take_if(|kept| kept.0 == name) {
            Some(kept) => kept,
            None => (name.to_owned(), make()?),
        };
        Ok(&mut self.0.insert(kept).1)
    }
}
