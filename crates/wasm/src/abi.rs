//! How JavaScript calls the module: it asks for room, writes bytes there, calls a function, and reads the answer's bytes.
//!
//! ```text
//! recount_input(length) -> address     room for `length` bytes; the next call reads them
//! recount_begin(key, sizes)            bytes: verifier key, earlier sizes (decimal, by commas), checkpoint note; their lengths
//! recount_blob()                       bytes: a blob
//! recount_bundle(width)                bytes: the next entry bundle
//! recount_finish()                     no bytes; the answer is the JSON text
//! recount_output() -> address, recount_output_length() -> bytes of the answer, or of what went wrong
//! ```
//! Every call but those about buffers answers 1 if it went well and 0 if not.
//!
//! **On unsafe code.** Nothing here reads or writes through a pointer: both buffers are vectors that live on this side, and JavaScript
//! only learns where they lie. What the compiler counts as unsafe is the attribute `no_mangle`, because two functions of one name in
//! one program would be unsound. These names all begin with `recount_`, and the module is linked with nothing else.
#![allow(unsafe_code, reason = "the attribute no_mangle, see above; there is no unsafe block")]

use std::cell::RefCell;

use crate::check::Check;

/// The two buffers and the record that is being checked.
#[derive(Default)]
struct Session {
    input: Vec<u8>,
    output: Vec<u8>,
    check: Option<Check>,
}

thread_local! {
    static SESSION: RefCell<Session> = RefCell::default();
}

/// Room for the bytes that the next call reads.
#[unsafe(no_mangle)]
pub extern "C" fn recount_input(length: u32) -> *const u8 {
    SESSION.with_borrow_mut(|session| {
        session.input.clear();
        session.input.resize(usize::try_from(length).unwrap_or(0), 0);
        session.input.as_ptr()
    })
}

/// Where the answer of the last call lies.
#[unsafe(no_mangle)]
pub extern "C" fn recount_output() -> *const u8 {
    SESSION.with_borrow(|session| session.output.as_ptr())
}

/// How many bytes the answer of the last call has.
#[unsafe(no_mangle)]
pub extern "C" fn recount_output_length() -> u32 {
    SESSION.with_borrow(|session| u32::try_from(session.output.len()).unwrap_or(0))
}

/// Begins with a key of `key` bytes, `sizes` bytes of decimal sizes, and a checkpoint behind them.
#[unsafe(no_mangle)]
pub extern "C" fn recount_begin(key: u32, sizes: u32) -> u32 {
    call(|session| {
        let parts = (usize::try_from(key), usize::try_from(sizes));
        let (Ok(key), Ok(sizes)) = parts else { return Err("lengths".to_owned()) };
        let (key, rest) = session.input.split_at_checked(key).ok_or("the key is cut off")?;
        let (sizes, checkpoint) = rest.split_at_checked(sizes).ok_or("the sizes are cut off")?;
        let key = str::from_utf8(key).map_err(|_| "the key is not UTF-8")?;
        let sizes = str::from_utf8(sizes).map_err(|_| "the sizes are not UTF-8")?;
        let sizes: Result<Vec<u64>, _> = sizes.split(',').filter(|size| !size.is_empty()).map(str::parse).collect();
        let sizes = sizes.map_err(|_| "a size is not a number")?;
        session.check = Some(Check::begin(key, checkpoint, &sizes).map_err(|why| why.to_string())?);
        Ok(Vec::new())
    })
}

/// Takes a blob.
#[unsafe(no_mangle)]
pub extern "C" fn recount_blob() -> u32 {
    call(|session| {
        let bytes = std::mem::take(&mut session.input);
        session.check.as_mut().ok_or("nothing was begun")?.blob(bytes);
        Ok(Vec::new())
    })
}

/// Takes the next bundle, of `width` entries.
#[unsafe(no_mangle)]
pub extern "C" fn recount_bundle(width: u32) -> u32 {
    call(|session| {
        let width = u16::try_from(width).map_err(|_| "the width of the bundle")?;
        let check = session.check.as_mut().ok_or("nothing was begun")?;
        check.bundle(&session.input, width).map_err(|why| why.to_string())?;
        Ok(Vec::new())
    })
}

/// Ends the check; the answer is its JSON text.
#[unsafe(no_mangle)]
pub extern "C" fn recount_finish() -> u32 {
    call(|session| {
        let check = session.check.take().ok_or("nothing was begun")?;
        check.finish().map(String::into_bytes).map_err(|why| why.to_string())
    })
}

fn call(act: impl FnOnce(&mut Session) -> Result<Vec<u8>, String>) -> u32 {
    SESSION.with_borrow_mut(|session| {
        let (output, right) = match act(session) {
            Ok(output) => (output, 1),
            Err(why) => (why.into_bytes(), 0),
        };
        session.output = output;
        right
    })
}
