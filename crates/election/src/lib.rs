//! The vocabulary of an election: units, stations, parts, lists, protocol forms and the
//! controls that the figures of a protocol must satisfy.
//!
//! This crate is pure: no input or output, no clock, no randomness. It knows what a figure
//! *is* (an integer of at most 2^53 - 1, or absent, which is never zero), which numbered line
//! of which form it stands on, and which relations ("control ratios") the lines must satisfy.
//! It deliberately does not know which protocol counts (that is `recount-tally`), who may file
//! one (`recount-record`), or what seats follow from votes (`recount-seats`).
//!
//! The control ratios are those of the precinct protocol (for example Article 43 of the 2005
//! Electoral Code of Kyrgyzstan, and the forms of each country under `forms/`).
//!
//! ```
//! use recount_election::{Check, Columns, Figures, Formula};
//!
//! let columns = Columns::new(
//!     "president",
//!     ["received", "early", "issued", "outside", "unused"],
//!     ["a", "b"],
//! )?;
//! let mut figures = Figures::absent(&columns);
//! for (line, figure) in [("received", 2181), ("early", 0), ("issued", 2107), ("outside", 62)] {
//!     figures.set_named(&columns, line, figure)?;
//! }
//! let control = Formula::parse("received = early + issued + outside + unused")?;
//!
//! // A line that the protocol does not state makes the control not checkable, never broken.
//! let missing = vec!["unused".to_owned()];
//! assert_eq!(control.check(&columns, &figures), Check::NotCheckable { missing });
//!
//! figures.set_named(&columns, "unused", 12)?;
//! assert_eq!(control.check(&columns, &figures), Check::Holds);
//! assert_eq!(control.explain(&columns, &figures), "2181 = 0 + 2107 + 62 + 12");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod calendar;
pub mod declared;
pub mod figures;
pub mod form;
pub mod formula;
pub mod geography;
pub mod id;
pub mod list;

pub use declared::DeclarationError;
pub use figures::{ColumnIx, Columns, ColumnsError, FigureError, Figures, MAX_FIGURE};
pub use form::{Contest, ContestKind, Control, Finding, Form, Forms, Holds, Line, Severity, WHOLE};
pub use formula::{Bound, Check, Formula, FormulaError};
pub use geography::{Geography, GeographyError, Station, StationIx, Unit, UnitIx};
pub use id::{IdError, check_id};
pub use list::{AGAINST_ALL, Attributes, CandidateDef, ListDef, name_in, title_in};
