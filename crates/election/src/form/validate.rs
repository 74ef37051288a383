//! Reading forms from TOML, and the rules that a set of forms obeys.

use std::ops::Range;

use thiserror::Error;

use super::{Contest, Form, Forms, SCHEMA};
use crate::formula::is_reserved;
use crate::id::check_id;

/// The longest file of forms, in bytes.
const MAX_TEXT: usize = 1 << 20;

/// Why a text holds no valid forms.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FormError {
    /// Not TOML, an unknown or missing key, a wrong type, or a formula that does not parse.
    #[error("{message}")]
    Toml {
        /// What is wrong.
        message: String,
        /// Bytes of the text that it is about.
        span: Option<Range<usize>>,
    },
    /// Well-formed, but against a rule of forms.
    #[error("{message}")]
    Rule {
        /// Which rule, and by what.
        message: String,
        /// Bytes of the text that it is about, where the text is known.
        span: Option<Range<usize>>,
    },
}

impl FormError {
    /// The bytes of the text that the error is about, where known.
    #[must_use]
    pub const fn span(&self) -> Option<&Range<usize>> {
        match self {
            Self::Toml { span, .. } | Self::Rule { span, .. } => span.as_ref(),
        }
    }
}

/// A broken rule, and the value that broke it.
struct Broken {
    message: String,
    value: String,
}

fn broken(value: &str, message: impl Into<String>) -> Broken {
    Broken { message: message.into(), value: value.to_owned() }
}

pub(super) fn parse(text: &str) -> Result<Forms, FormError> {
    if text.len() > MAX_TEXT {
        let message = format!("a file of forms has at most {MAX_TEXT} bytes");
        return Err(FormError::Rule { message, span: None });
    }
    let forms: Forms = toml::from_str(text)
        .map_err(|error| FormError::Toml { message: error.message().to_owned(), span: error.span() })?;
    rules(&forms).map_err(|broken| FormError::Rule { span: find(text, &broken.value), message: broken.message })?;
    Ok(forms)
}

/// The last place where the text holds `value` as a string: of two duplicates, the second.
fn find(text: &str, value: &str) -> Option<Range<usize>> {
    let quoted = format!("\"{value}\"");
    text.rfind(&quoted).map(|start| start..start + quoted.len())
}

pub(super) fn forms(forms: &Forms) -> Result<(), FormError> {
    rules(forms).map_err(|broken| FormError::Rule { message: broken.message, span: None })
}

fn rules(forms: &Forms) -> Result<(), Broken> {
    if forms.schema != SCHEMA {
        let message = format!("schema {:?} is unknown; this version reads {SCHEMA:?}", forms.schema);
        return Err(broken(&forms.schema, message));
    }
    if forms.levels.is_empty() {
        return Err(broken("levels", "levels names at least one level of the geography"));
    }
    names("level", forms.levels.iter().map(String::as_str))?;
    names("contest", forms.contests.iter().map(|contest| contest.id.trim_end_matches('*')))?;
    forms.contests.iter().try_for_each(|contest| contest_rules(forms, contest))?;
    names("form", forms.forms.iter().map(|form| form.id.as_str()))?;
    forms.forms.iter().try_for_each(|form| form_rules(forms, form))?;
    one_form_per_place(forms)
}

/// Every name is an identifier, and none occurs twice.
fn names<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<(), Broken> {
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        check_id(name).map_err(|error| broken(name, format!("{what}: {error}")))?;
        if !seen.insert(name) {
            return Err(broken(name, format!("the {what} {name:?} is declared twice")));
        }
    }
    Ok(())
}

fn contest_rules(forms: &Forms, contest: &Contest) -> Result<(), Broken> {
    if !forms.levels.contains(&contest.unit) {
        let message = format!(
            "contest {:?} is decided in {:?}, which is not one of the levels {:?}",
            contest.id, contest.unit, forms.levels
        );
        return Err(broken(&contest.unit, message));
    }
    Ok(())
}

fn form_rules(forms: &Forms, form: &Form) -> Result<(), Broken> {
    if !forms.contests.iter().any(|contest| contest.id == form.contest) {
        let message = format!("form {:?} is for the unknown contest {:?}", form.id, form.contest);
        return Err(broken(&form.contest, message));
    }
    names("source", form.sources.iter().map(String::as_str))?;
    names("part", form.parts.iter().map(String::as_str))?;
    names("line", form.lines.iter().map(|line| line.code.as_str()))?;
    names("control", form.controls.iter().map(|control| control.code.as_str()))?;
    form.lines.iter().try_for_each(|line| line_rules(&line.code))?;
    form.controls.iter().try_for_each(|control| {
        let known = |code: &str| form.lines.iter().any(|line| line.code == code);
        match control.formula.lines().into_iter().find(|code| !known(code)) {
            None => Ok(()),
            Some(code) => Err(broken(
                control.formula.text(),
                format!("control {:?} names {code:?}, which is no line of form {:?}", control.code, form.id),
            )),
        }
    })
}

/// A line's code can be written in a formula.
fn line_rules(code: &str) -> Result<(), Broken> {
    let word = code.starts_with(|c: char| c.is_ascii_lowercase())
        && code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !word {
        let message = format!("the line {code:?} should be written with a-z, 0-9 and _ alone");
        return Err(broken(code, message));
    }
    if is_reserved(code) {
        let message = format!("a line may not be called {code:?}: formulas use that word");
        return Err(broken(code, message));
    }
    Ok(())
}

/// No two forms are for the same contest, source and part.
fn one_form_per_place(forms: &Forms) -> Result<(), Broken> {
    let meet = |left: &[String], right: &[String], empty_is_all: bool| {
        (empty_is_all && (left.is_empty() || right.is_empty()))
            || (left.is_empty() && right.is_empty())
            || left.iter().any(|name| right.contains(name))
    };
    for (position, form) in forms.forms.iter().enumerate() {
        let rival = forms.forms.iter().take(position).find(|other| {
            other.contest == form.contest
                && meet(&other.sources, &form.sources, true)
                && meet(&other.parts, &form.parts, false)
        });
        if let Some(rival) = rival {
            let message = format!("forms {:?} and {:?} are for the same contest, source and part", rival.id, form.id);
            return Err(broken(&form.id, message));
        }
    }
    Ok(())
}
