//! The door between a page and the laboratory: three functions, and no unsafe block.
//!
//! The page asks for `room`, writes its request there, calls `answer` for the length of the reply,
//! and reads it from `reply`. All text is UTF-8. `press` builds this for `wasm32-wasip1`; what it
//! imports from the system is called only where a program ends.
//!
//! The attribute is called unsafe because two functions of one name in a program would be: the
//! names of a module of their own meet no others.
#![expect(unsafe_code, reason = "the page must find the functions by name")]

use lab::Lab;
use std::cell::RefCell;

#[derive(Default)]
struct Door {
    lab: Lab,
    request: Vec<u8>,
    reply: String,
}

thread_local! {
    static DOOR: RefCell<Door> = RefCell::default();
}

/// Room for a request of that many bytes.
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    DOOR.with_borrow_mut(|door| {
        door.request.clear();
        door.request.resize(bytes, 0);
        door.request.as_mut_ptr()
    })
}

/// Answers the request in the room; the reply has so many bytes.
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> usize {
    DOOR.with_borrow_mut(|door| {
        let request = String::from_utf8_lossy(&door.request);
        door.reply = door.lab.reply(&request);
        door.reply.len()
    })
}

/// Where the reply is, until the next call.
#[unsafe(no_mangle)]
pub extern "C" fn reply() -> *const u8 {
    DOOR.with_borrow(|door| door.reply.as_ptr())
}
