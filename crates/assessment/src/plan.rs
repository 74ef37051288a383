//! The plan: what an audit commits to before the seed is known.

use std::collections::BTreeMap;

use recount_audit::law::LineClass;
use recount_audit::risk::{Agrapa, Bet, Fraction};
use recount_audit::{BallotRule, Ratio};
use recount_log::{Hash, sha256};
use serde::{Deserialize, Serialize};

use crate::Refusal;

/// The schema of plans.
pub const SCHEMA: &str = "recount-audit-plan/1";

/// A plan as its blob holds it. Every field but the title follows from the record and the choices made here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// [`SCHEMA`].
    pub schema: String,
    /// A name for people.
    pub title: String,
    /// The contest.
    pub contest: String,
    /// The size of the record whose result is audited.
    pub size: u64,
    /// SHA-256 of the rulebook in force there.
    pub rulebook: String,
    /// The risk limit as a fraction, `1/20`.
    pub limit: String,
    /// The bet rule: `share F` bets that share of the most at every draw; `adaptive F` learns, up to that share.
    pub bet: String,
    /// The source of protocols that are findings.
    pub source: String,
    /// Most votes on one ballot, and for one choice.
    pub ballot: [u32; 2],
    /// The bound on the ballots of a station: a sum of lines; at least what the protocol says is in the box.
    pub bound: String,
    /// Ballots in the box: a sum of lines.
    pub found: String,
    /// How each line that the law's bases use can be checked: `box`, `document: NAME`, `trusted: WHY`.
    pub bases: BTreeMap<String, String>,
    /// How stations are drawn apart: `unit LEVEL` or `attribute NAME`; none: all together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strata: Option<String>,
    /// Whether stations that were missing at that size were accepted as left out.
    pub without_missing: bool,
    /// Stations that do not count at that size, by reason.
    pub left_out: BTreeMap<String, u64>,
    /// Stations in the manifest.
    pub stations: u64,
    /// Their bounds together.
    pub ballots: u64,
    /// SHA-256 of the manifest.
    pub manifest: String,
    /// Assertions that the full result needs, and further ones for partial certificates.
    pub assertions: [u64; 2],
    /// SHA-256 of all assertions as text.
    pub assertions_sha256: String,
    /// The seats that are audited, by list.
    pub seats: BTreeMap<String, u64>,
    /// What the assertions do not cover.
    pub leaves: Vec<String>,
}

/// The bet rule of a plan.
#[derive(Debug, Clone)]
pub enum PlannedBet {
    /// Always the same share of the most.
    Share(Fraction),
    /// As much as mean and spread so far suggest, up to a share of the most.
    Adaptive(Box<Agrapa>),
}

impl Bet for PlannedBet {
    fn bet(&mut self, mu: f64, upper: f64) -> f64 {
        match self {
            Self::Share(own) => own.bet(mu, upper),
            Self::Adaptive(own) => own.bet(mu, upper),
        }
    }

    fn see(&mut self, x: f64, mu: f64) {
        match self {
            Self::Share(own) => own.see(x, mu),
            Self::Adaptive(own) => own.see(x, mu),
        }
    }
}

fn unreadable<T>(why: String) -> Result<T, Refusal> {
    Err(Refusal::Unreadable(why))
}

impl Plan {
    /// Reads a plan's blob.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let plan: Self =
            serde_json::from_slice(bytes).map_err(|why| Refusal::Unreadable(format!("the plan: {why}")))?;
        if plan.schema != SCHEMA {
            return unreadable(format!("the plan's schema is `{}`, not `{SCHEMA}`", plan.schema));
        }
        plan.limit()?;
        plan.bet()?;
        plan.classes()?;
        if plan.strata.is_some() {
            plan.fixed_share()?;
        }
        Ok(plan)
    }

    /// Its blob.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`] if it cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Refusal> {
        let mut text = serde_json::to_string_pretty(self).map_err(|why| Refusal::Unreadable(why.to_string()))?;
        text.push('\n');
        Ok(text.into_bytes())
    }

    /// The risk limit, above 0 and below 1.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`].
    pub fn limit(&self) -> Result<f64, Refusal> {
        let ratio: Ratio = self.limit.parse()?;
        let limit = ratio.to_f64();
        if limit > 0.0 && limit < 1.0 {
            Ok(limit)
        } else {
            unreadable(format!("`{}` is no risk limit: it lies above 0 and below 1, such as 5/100", self.limit))
        }
    }

    /// The bet rule.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`].
    pub fn bet(&self) -> Result<PlannedBet, Refusal> {
        let wrong = || Refusal::Unreadable(format!("`{}` is no bet rule: `share 9/10` or `adaptive 9/10`", self.bet));
        let (word, share) = self.bet.split_once(' ').ok_or_else(wrong)?;
        let share = share.parse::<Ratio>().map_err(|_| wrong())?.to_f64();
        if !(share > 0.0 && share < 1.0) {
            return Err(wrong());
        }
        match word {
            "share" => Ok(PlannedBet::Share(Fraction(share))),
            "adaptive" => Ok(PlannedBet::Adaptive(Box::new(Agrapa::new(share, share, share, 0.0)))),
            _ => Err(wrong()),
        }
    }

    /// The share of the largest bet, which strata need to be fixed.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`] for a bet that learns.
    pub fn fixed_share(&self) -> Result<f64, Refusal> {
        match self.bet()? {
            PlannedBet::Share(own) => Ok(own.0),
            PlannedBet::Adaptive(_) => unreadable("strata are joined with a fixed bet: `share 9/10`".to_owned()),
        }
    }

    /// What one ballot may hold.
    pub fn rule(&self) -> BallotRule {
        BallotRule { votes: self.ballot[0], per_choice: self.ballot[1] }
    }

    /// The classes of lines.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`].
    pub fn classes(&self) -> Result<BTreeMap<String, LineClass>, Refusal> {
        self.bases.iter().map(|(line, text)| Ok((line.clone(), class(text)?))).collect()
    }
}

/// Reads `box`, `document: NAME` or `trusted: WHY`.
///
/// # Errors
/// [`Refusal::Unreadable`].
pub fn class(text: &str) -> Result<LineClass, Refusal> {
    let (word, rest) = text.split_once(':').map_or((text, ""), |(word, rest)| (word, rest.trim()));
    match (word.trim(), rest) {
        ("box", "") => Ok(LineClass::Box),
        ("document", "") => Ok(LineClass::Document("the signed register".to_owned())),
        ("document", name) => Ok(LineClass::Document(name.to_owned())),
        ("trusted", "") => Ok(LineClass::Trusted("as published".to_owned())),
        ("trusted", why) => Ok(LineClass::Trusted(why.to_owned())),
        _ => unreadable(format!("`{text}`: write box, document or trusted")),
    }
}

/// As [`class`] reads it.
pub fn class_text(class: &LineClass) -> String {
    match class {
        LineClass::Box => "box".to_owned(),
        LineClass::Document(name) => format!("document: {name}"),
        LineClass::Trusted(why) => format!("trusted: {why}"),
    }
}

/// SHA-256 in hexadecimal digits.
pub fn hash_of(bytes: &[u8]) -> Hash {
    sha256(bytes)
}
