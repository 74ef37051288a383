//! `recount seats --vacancy`: who follows when a member leaves the seat.

use recount_seats::ranked::RankedLot;
use recount_seats::{Follows, Language, VacatedSeat, Words, successor};
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
        lots: lots(vacant)?,
    };
    let succession = successor(vacant.rulebook, vacant.tally, vacant.outcome, &seat)
        .map_err(|refusal| CliError::Input(refusal.describe_in(vacant.args.lang)))?;
    if as_json {
        show::json(&json!({ "succession": succession }))?;
    } else {
        if let (Some(count), true) = (&succession.count, vacant.args.steps) {
            for line in Words::new(vacant.args.lang, vacant.outcome).sheet(count).lines() {
                show::line(line);
            }
        }
        for considered in &succession.considered {
            show::item(format!("{}: {}", considered.candidate, considered.because.say(vacant.args.lang)));
        }
        let law = succession.law.as_ref().and_then(|key| vacant.rulebook.laws.get(key));
        let cite = law.map_or_else(String::new, |law| format!(" [{}]", law.cite));
        let says = says(&succession.follows, vacant.args.lang);
        show::line(format!("{says}{cite}"));
    }
    match succession.follows {
        Follows::Tied(_) => Err(CliError::Shown(1)),
        _ => Ok(()),
    }
}

/// The lots that were drawn for this seat.
fn lots(vacant: &Vacant<'_>) -> Outcome<Vec<RankedLot>> {
    let Some(file) = &vacant.args.vacancy_lots else { return Ok(Vec::new()) };
    super::lots(file, vacant.args.lang)
}

/// Who follows, in a sentence.
fn says(follows: &Follows, language: Language) -> String {
    let between = |ids: &[String]| ids.join(", ");
    match (follows, language) {
        (Follows::Candidate { id, name }, Language::English) => format!("{name} ({id}) follows."),
        (Follows::Candidate { id, name }, Language::Russian) => format!("Мандат переходит: {name} ({id})."),
        (Follows::Candidate { id, name }, Language::Kyrgyz) => format!("Мандат өтөт: {name} ({id})."),
        (Follows::Tied(ids), Language::English) => {
            format!("{} have the same votes: a lot must decide.", between(ids))
        }
        (Follows::Tied(ids), Language::Russian) => format!("Равенство голосов: {}; решает жребий.", between(ids)),
        (Follows::Tied(ids), Language::Kyrgyz) => format!("Добуштар тең: {}; чүчүкулак чечет.", between(ids)),
        (Follows::Vacant, Language::English) => "Nobody is left: the seat stays vacant.".to_owned(),
        (Follows::Vacant, Language::Russian) => "Никого не осталось: мандат остаётся вакантным.".to_owned(),
        (Follows::Vacant, Language::Kyrgyz) => "Эч ким калган жок: мандат бош калат.".to_owned(),
        (Follows::ByElection, Language::English) => "The voters decide.".to_owned(),
        (Follows::ByElection, Language::Russian) => "Решают избиратели.".to_owned(),
        (Follows::ByElection, Language::Kyrgyz) => "Шайлоочулар чечет.".to_owned(),
        (Follows::Countback, Language::English) => {
            "The papers that elected the one who left are counted again: give them with --ballots.".to_owned()
        }
        (Follows::Countback, Language::Russian) => {
            "Бюллетени, которыми мандат был занят, считаются снова: дайте их через --ballots.".to_owned()
        }
        (Follows::Countback, Language::Kyrgyz) => {
            "Мандатты алган бюллетендер кайра эсептелет: аларды --ballots менен бериңиз.".to_owned()
        }
    }
}
