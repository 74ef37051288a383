//! The risk, from what the drawn papers say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use recount_audit::Ratio;
use recount_audit::cards::{CardRule, CardTest, Method, Paper};
use serde_json::json;

use super::frame::{Frame, ballot};
use recount_exchange::cvr::Format;

use super::input::{Source, format, records};
use super::{Asked, header, print_header, refused, risk_words};
use crate::error::{CliError, Outcome, input, read_text};
use crate::show::{self, Align, Table};

#[derive(Debug, clap::Args)]
pub struct RiskArgs {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    asked: Asked,
    /// The seed that was drawn in public.
    #[arg(long)]
    seed: String,
    /// What the drawn papers say, as cast-vote records read by people.
    #[arg(long, value_name = "FILE")]
    audited: PathBuf,
    /// Their format.
    #[arg(long, value_parser = format(), default_value = "plain")]
    audited_format: Format,
    /// Cards that could not be found: a file with one identifier on each line. Each counts against the winner.
    #[arg(long, value_name = "FILE")]
    lost: Option<PathBuf>,
}

/// A difference between record and paper.
struct Difference {
    card: String,
    what: String,
}

pub fn run(args: &RiskArgs, as_json: bool) -> Outcome {
    let frame = Frame::read(&args.source, args.asked.method)?;
    let papers = papers(args, &frame)?;
    let order = frame.draw(&args.seed, frame.cards.len());
    let drawn: Vec<usize> =
        order.iter().copied().take_while(|at| papers.contains_key(frame.cards[*at].id.as_str())).collect();
    let outside = papers.len() - drawn.len();
    let (limit, method) = (args.asked.limit()?, args.asked.method()?);
    let mut rows = Vec::new();
    for assertion in &frame.contest.assertions {
        let method = match method {
            Method::Comparison { bet } if !frame.pools.is_empty() => {
                Method::Comparison { bet: assertion.pooled_bet(&frame.pools, bet).map_err(refused)? }
            }
            method => method,
        };
        let means: Vec<Ratio> =
            frame.pools.iter().map(|pool| assertion.pool_value(pool)).collect::<Result<_, _>>().map_err(refused)?;
        let mut test = CardTest::new(assertion, method).map_err(refused)?;
        for at in &drawn {
            let card = &frame.cards[*at];
            let Some(paper) = papers.get(card.id.as_str()) else { continue };
            let mean = card.pool.and_then(|pool| means.get(pool));
            match mean {
                Some(mean) => test.push_pooled(*mean, paper),
                None => test.push(card.reported.as_ref(), paper),
            }
            .map_err(refused)?;
        }
        rows.push((assertion.name.as_str(), assertion.margin.to_f64(), test.risk(), test.met(limit)));
    }
    rows.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(b.0)));
    let complete = rows.iter().all(|row| row.3);
    let differences = differences(&frame, &drawn, &papers);
    let next = order.get(drawn.len()).map(|at| frame.cards[*at].id.clone());
    if as_json {
        let mut value = header(&frame);
        value["assessed"] = json!(drawn.len());
        value["not_drawn_yet"] = json!(outside);
        value["next"] = json!(next);
        value["limit"] = json!(args.asked.limit);
        value["complete"] = json!(complete);
        value["risk"] = json!(rows.first().map_or(0.0, |row| row.2));
        value["assertions"] = rows
            .iter()
            .map(|(name, margin, risk, proved)| json!({ "name": name, "margin": margin, "risk": risk, "proved": proved }))
            .collect();
        value["differences"] = differences.iter().map(|own| json!({ "card": own.card, "what": own.what })).collect();
        show::json(&value)?;
        return if complete { Ok(()) } else { Err(CliError::Shown(1)) };
    }
    show::line(show::bold(if complete { "CERTIFIED: WHO WON" } else { "NOT CERTIFIED YET" }));
    print_header(&frame);
    show::paragraph(format!(
        "{} of the draw looked at, from the first on without a gap.",
        show::count(drawn.len() as u64, "card", "cards")
    ));
    if outside > 0 {
        show::paragraph(format!(
            "{} read that the draw has not reached: {} comes next.",
            show::count(outside as u64, "card was", "cards were"),
            next.as_deref().unwrap_or("none")
        ));
    }
    let mut table = Table::new(&[
        ("assertion", Align::Left),
        ("margin", Align::Right),
        ("risk", Align::Right),
        ("proved", Align::Left),
    ]);
    for (name, margin, risk, proved) in &rows {
        let proved = if *proved { "yes" } else { "no" };
        table.row([(*name).to_owned(), format!("{:.3} %", margin * 100.0), risk_words(*risk), proved.to_owned()]);
    }
    table.print();
    if !differences.is_empty() {
        show::heading("Differences");
        for own in &differences {
            show::item(format!("{}: {}", own.card, own.what));
        }
    }
    if complete { Ok(()) } else { Err(CliError::Shown(1)) }
}

/// What became of every card that was looked at. Contest and choices are found by name.
fn papers(args: &RiskArgs, frame: &Frame) -> Outcome<BTreeMap<String, Paper>> {
    let known: BTreeSet<&str> = frame.cards.iter().map(|card| card.id.as_str()).collect();
    let mut cast = records(&args.audited, args.audited_format)?;
    let at = cast.contests.iter().position(|own| own.name == frame.name).or_else(|| {
        // Totals name no contest: then papers may name theirs as they like, if it is one.
        (args.source.cvr.is_none() && cast.contests.len() == 1).then_some(0)
    });
    let at = at.and_then(|at| u32::try_from(at).ok());
    if let Some(own) = at.and_then(|at| cast.contests.get(usize::try_from(at).ok()?)) {
        // Numbered as the report numbers them; choices that the report does not have come behind, and count for nobody.
        let mut more = frame.choices.len();
        let mut place = |name: &String| {
            let known = frame.choices.iter().position(|known| known == name);
            u32::try_from(known.unwrap_or_else(|| {
                more += 1;
                more - 1
            }))
            .unwrap_or(u32::MAX)
        };
        let places: Vec<u32> = own.choices.iter().map(&mut place).collect();
        for vote in cast.cards.iter_mut().flat_map(|card| &mut card.votes).filter(|vote| Some(vote.contest) == at) {
            for mark in &mut vote.marks {
                mark.choice =
                    usize::try_from(mark.choice).ok().and_then(|at| places.get(at).copied()).unwrap_or(u32::MAX);
            }
        }
    }
    let rule = if frame.runoff {
        CardRule::Runoff
    } else {
        CardRule::Plurality { winners: args.source.winners, marks: frame.marks }
    };
    let mut papers = BTreeMap::new();
    for card in &cast.cards {
        if !known.contains(card.id.as_str()) {
            return input(format!("{}: no card `{}` can be drawn", args.audited.display(), card.id));
        }
        let vote = card.votes.iter().find(|vote| Some(vote.contest) == at);
        let paper = vote.map_or(Paper::NoContest, |vote| {
            let mut own = ballot(vote, rule);
            if frame.runoff && own.iter().any(|at| *at >= frame.choices.len()) {
                // Whether the preferences behind an unknown candidate ever count, nobody knows: the worst is taken.
                return Paper::Lost;
            }
            own.retain(|at| *at < frame.choices.len());
            Paper::Ballot(own)
        });
        if papers.insert(card.id.clone(), paper).is_some() {
            return input(format!("{}: card `{}` comes twice", args.audited.display(), card.id));
        }
    }
    for id in lost(args.lost.as_deref())? {
        if !known.contains(id.as_str()) || papers.insert(id.clone(), Paper::Lost).is_some() {
            return input(format!("lost card `{id}` cannot be drawn, or was found"));
        }
    }
    Ok(papers)
}

fn lost(path: Option<&Path>) -> Outcome<Vec<String>> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let text = read_text(path)?;
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

fn differences(frame: &Frame, drawn: &[usize], papers: &BTreeMap<String, Paper>) -> Vec<Difference> {
    let names = |ballot: &[usize]| {
        let names: Vec<&str> = ballot.iter().filter_map(|at| frame.choices.get(*at)).map(String::as_str).collect();
        if names.is_empty() { "blank".to_owned() } else { names.join(if frame.runoff { " > " } else { " and " }) }
    };
    let one = |at: &usize| {
        let card = &frame.cards[*at];
        let paper = papers.get(card.id.as_str())?;
        let said = match (frame.compared && card.pool.is_none(), &card.reported) {
            (false, _) => None,
            (true, Some(ballot)) => Some(names(ballot)),
            (true, None) => Some("no record".to_owned()),
        };
        let found = match paper {
            Paper::Ballot(ballot) => names(ballot),
            Paper::NoContest => "the contest is not on the paper".to_owned(),
            Paper::Lost => "not found".to_owned(),
        };
        match said {
            Some(said) if said != found => {
                Some(Difference { card: card.id.clone(), what: format!("the record says {said}, the paper {found}") })
            }
            None if *paper == Paper::Lost => Some(Difference { card: card.id.clone(), what: found }),
            _ => None,
        }
    };
    drawn.iter().filter_map(one).collect()
}
