//! Pages from a result: what is known, what it rests on, and how to check it.
//!
//! [`Site`] takes a fold (a record at a size), computes once what pages need, and then gives every page by its path: what is
//! known, why the seats are as they are, every place down to the station, what changed, what is missing, and how to check it, in
//! every language that has a file in `locales/`. The same pages are served live and written to a folder; they read without
//! JavaScript. It works for any election that the fold can count: with or without seats, with one contest or many.
//!
//! It is deliberately not a second place where figures are made: every figure on a page comes from `recount-tally` and
//! `recount-seats`, and the page only checks, groups and words it. It does no I/O, knows no clock and no machine's locale; the
//! bytes depend on the fold and the [`Frame`] alone. No share is printed without its denominator, and nothing of a size is
//! published if its [`invariants`] fail.
//!
//! A page of a place rests on the last statement that touches the place, and is the same at every later size until another does
//! ([`Site::changed_since`]): one more statement does not rewrite a country.
//!
//! Where things are: `path` reads addresses; `facts` is what is computed once; `touched` says on which size a page rests;
//! `pages` holds one file for each page and `shell` what stands around it; `locale`
//! reads the messages; `text` names what a record holds. `assets/` and `locales/` are listed by the build script.
//!
//! ```
//! use std::sync::Arc;
//! use recount_site::{Frame, Site};
//! use recount_tally::Fold;
//!
//! let fold = Arc::new(Fold::new("results.example.org/2027"));
//! let site = Site::new(fold, Frame::default())?;
//! let page = site.page("en/").ok_or("every language has a front page")?;
//! let html = String::from_utf8(page.body)?;
//! assert!(html.starts_with("<!DOCTYPE html>") && html.contains("The record has no charter yet"));
//! assert!(site.paths().any(|path| path == "ru/changes/"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod assets;
mod base;
mod counts;
mod facts;
mod frame;
pub mod invariants;
pub mod locale;
mod names;
mod number;
pub mod outlines;
mod pages;
mod path;
mod site;
mod standing;
mod text;
mod touched;

pub use assets::{asset, assets};
pub use frame::{Annex, Frame, Verified, Versions};
pub use site::{Page, Site};
pub use standing::{State, annulled_whole_by, state};

/// The stylesheet that the page asks for as `style.css`, in the same folder.
pub const STYLESHEET: &str = include_str!("../assets/style.css");

/// A Content-Security-Policy under which the pages are complete: their own stylesheet, scripts and files and nothing else. The scripts
/// fetch the record from where they lie, and run the module that counts it a second time.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
