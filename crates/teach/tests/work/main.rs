//! Students' work, which is compiled and run: `cargo test --test work -- --ignored`.
//! Both tests are in one program, so that they run at once.

#[path = "../desk/mod.rs"]
mod desk;
mod grade;
mod handout;
