//! What the book does not solve: an exercise for each of its parts, here with a solution.
//!
//! A module is an exercise. A handout has the module of its part, with functions to write.

pub mod background;
pub mod exponential;
pub mod held_out;
pub mod means_only;
pub mod skewness;
