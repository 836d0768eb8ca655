//! The queries of the chapter *Query*, for an engine of the reader's.

use crate::args::{Sql, Start};
use crate::failure::Failure;
use crate::model;
use std::io::{Write, stdout};

/// Prints one query, and says what comes next if it is the first.
pub(crate) fn sql(args: &Sql) -> Result<(), Failure> {
    let Sql { table, column, width, around, step } = args;
    let text = match (width.or(*around), step) {
        (_, Some(Start::Here(mixture))) => query::sql::step(table, column, mixture),
        (_, Some(Start::File(path))) => {
            query::sql::step(table, column, &model::read(path)?.mixture)
        }
        (Some(width), None) => query::sql::moments(table, column, width)
            .map_err(|error| Failure::Input(error.to_string()))?,
        (None, None) => {
            crate::say(
                "this query finds the width: give its answer to --around MEAN,DEVIATION",
            );
            query::sql::range(table, column)
        }
    };
    let written = stdout().write_all(text.as_bytes()).and_then(|()| stdout().flush());
    written.map_err(|error| Failure::writing("standard output", &error))
}
