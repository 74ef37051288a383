//! `recount seats --vacancy`: who follows when a member leaves the seat.

use recount_seats::{Follows, VacatedSeat, successor};
use serde_json::json;

use super::Vacant;
use crate::error::{CliError, Outcome};
use crate::show;

/// Prints who follows, and everybody who was looked at.
pub(super) fn run(vacant: &Vacant<'_>, as_json: bool) -> Outcome {
    let seat = VacatedSeat {
        candidate: vacant.candidate.to_owned(),
        seated: vacant.args.seated.iter().cloned().collect(),
        left: vacant.args.left.iter().cloned().collect(),
    };
    let succession = successor(vacant.rulebook, vacant.tally, vacant.outcome, &seat)
        .map_err(|refusal| CliError::Input(refusal.to_string()))?;
    if as_json {
        show::json(&json!({ "succession": succession }))?;
    } else {
        for considered in &succession.considered {
            show::item(format!("{}: {}", considered.candidate, considered.because));
        }
        let law = succession.law.as_ref().and_then(|key| vacant.rulebook.laws.get(key));
        let cite = law.map_or_else(String::new, |law| format!(" [{}]", law.cite));
        let says = match &succession.follows {
            Follows::Candidate { id, name } => format!("{name} ({id}) follows."),
            Follows::Tied(between) => format!("{} have the same votes: a lot must decide.", between.join(", ")),
            Follows::Vacant => "Nobody is left: the seat stays vacant.".to_owned(),
            Follows::ByElection => "The voters decide.".to_owned(),
            Follows::Countback => "The ballots of the one who left are counted again.".to_owned(),
        };
        show::line(format!("{says}{cite}"));
    }
    match succession.follows {
        Follows::Tied(_) => Err(CliError::Shown(1)),
        _ => Ok(()),
    }
}
