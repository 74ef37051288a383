//! The rules that a set of forms obeys.

use super::{Contest, Form, Forms, SCHEMA};
use crate::declared::{Broken, names};
use crate::formula::is_reserved;

pub(super) fn rules(forms: &Forms) -> Result<(), Broken> {
    if forms.schema != SCHEMA {
        let message = format!("schema {:?} is unknown; this version reads {SCHEMA:?}", forms.schema);
        return Err(Broken::new(&forms.schema, message));
    }
    if forms.levels.is_empty() {
        return Err(Broken::new("levels", "levels names at least one level of the geography"));
    }
    names("level", forms.levels.iter().map(String::as_str))?;
    names("contest", forms.contests.iter().map(|contest| contest.id.trim_end_matches('*')))?;
    forms.contests.iter().try_for_each(|contest| contest_rules(forms, contest))?;
    names("form", forms.forms.iter().map(|form| form.id.as_str()))?;
    forms.forms.iter().try_for_each(|form| form_rules(forms, form))?;
    one_form_per_place(forms)
}

fn contest_rules(forms: &Forms, contest: &Contest) -> Result<(), Broken> {
    if !forms.levels.contains(&contest.unit) {
        let message = format!(
            "contest {:?} is decided in {:?}, which is not one of the levels {:?}",
            contest.id, contest.unit, forms.levels
        );
        return Err(Broken::new(&contest.unit, message));
    }
    Ok(())
}

fn form_rules(forms: &Forms, form: &Form) -> Result<(), Broken> {
    if !forms.contests.iter().any(|contest| contest.id == form.contest) {
        let message = format!("form {:?} is for the unknown contest {:?}", form.id, form.contest);
        return Err(Broken::new(&form.contest, message));
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
            Some(code) => Err(Broken::new(
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
        return Err(Broken::new(code, message));
    }
    if is_reserved(code) {
        let message = format!("a line may not be called {code:?}: formulas use that word");
        return Err(Broken::new(code, message));
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
            return Err(Broken::new(&form.id, message));
        }
    }
    Ok(())
}
