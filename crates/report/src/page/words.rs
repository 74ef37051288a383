//! Every text of the report that is not made of figures.

use recount_forensics::calibrate::Check;
use recount_forensics::report::{Extreme, Topic, Way};
use recount_forensics::simulate::Alteration;

pub(super) const TITLE: &str = "Statistical checks on station results";
pub(super) const LEAD: &str = "These checks look for patterns in the published figures that counting honest ballots does not produce. \
     They rank protocols to ask for. They say nothing about who did what, and they accuse nobody.";
pub(super) const MINUTE: &[&str] = &[
    "“Found” means: more than chance explains, in a test that was first shown to leave clean elections with these very stations alone. \
     It is a reason to ask for documents, not a proof of anything.",
    "“Nothing found” does not mean clean. Ballots added, or votes moved, without regard to round figures are invisible to most of these \
     tests; the table of what would have been noticed says how much could hide.",
    "“Estimate” is a figure that rests on an assumption which the data cannot confirm. “Refused” means that the data do not single out \
     a figure, and then none is printed.",
    "Figures in brackets, and those after ±, are 95 % intervals: what chance alone moves.",
];
pub(super) const CITED: &str = "“[P]ositive statistical test results can never be considered a direct proof of irregularities, but only \
     evidence complementing other, qualitative assessments.”";
pub(super) const CITED_FROM: &str = "Venice Commission, Report on the Identification of Electoral Irregularities by Statistical \
     Methods (CDL-AD(2018)009), paragraph 67";

pub(super) const FOUND: &str = "Found";
pub(super) const NOT_ROBUST: &str = "Not robust";
pub(super) const NOTHING: &str = "Nothing found";
pub(super) const ESTIMATE: &str = "Estimate";
pub(super) const NOT_USABLE: &str = "Not usable here";
pub(super) const REFUSED: &str = "Refused";

pub(super) const NOT_MEANT: &str = "That so many stations were altered, or so many votes added: the figures say where counting does not look like \
     counting, not what happened there or who did it. And where nothing was found, that nothing happened.";

pub(super) const H_DATA: &str = "The question and the data";
pub(super) const H_CALIBRATION: &str = "How the tests behave on clean elections with these stations";
pub(super) const H_FOUND: &str = "What was found, and what was not";
pub(super) const H_ROUNDING: &str = "Round percentages";
pub(super) const H_SPIKES: &str = "Spikes";
pub(super) const H_AGREEMENT: &str = "Districts whose stations agree too well";
pub(super) const H_COPIES: &str = "The same figures twice, and figures one digit apart";
pub(super) const H_SMALL: &str = "Small lists that never get zero";
pub(super) const H_EXTREMES: &str = "Figures that cannot be, and figures at the edge";
pub(super) const H_SHAPE: &str = "Turnout and share together";
pub(super) const H_ACCOUNT: &str = "Votes by turnout";
pub(super) const H_MODEL: &str = "A model of added votes";
pub(super) const H_EFFECTS: &str = "Other patterns, as sizes and not as tests";
pub(super) const H_OUTSIDE: &str = "Voting early and outside the station";
pub(super) const H_BETWEEN: &str = "Since the earlier election";
pub(super) const H_COMPARED: &str = "Two counts of the same ballots";
pub(super) const H_DIGITS: &str = "Digits";
pub(super) const H_MIXTURE: &str = "A mixture of honest and altered stations";
pub(super) const H_REGIONS: &str = "Region by region";
pub(super) const H_MAPS: &str = "On the map";
pub(super) const H_RANKING: &str = "Where to look first, and what to ask for";
pub(super) const H_METHODS: &str = "Methods and sources";

pub(super) const QUESTION: &str = "Do the results that the stations published look like counts of ballots? Where they do not, which \
     protocols should be looked at first?";
pub(super) const CALIBRATION: &str = "Many published tests reject clean elections. So each test was first run on simulated elections in \
     which nothing was altered, with the numbers of voters of these stations. A test that rejects more than 9 % of them at a nominal \
     5 % is shown grey, and whatever it says about the real figures is not counted as a finding.";
pub(super) const DETECTS: &str = "The columns on the right say from which share of altered stations on a test rejects in at least 80 % of \
     simulated elections. A dash means: not even with half of all stations altered.";
pub(super) const MULTIPLICITY: &str = "Regions, districts, lists and bins are each judged as a family by the procedure of Benjamini and \
     Hochberg: of those flagged, about 5 % at most are expected to be flagged by chance.";
pub(super) const RANKING: &str = "Stations by how much of this report points at them. The order is a sorting aid, not a probability. Check \
     the innocent explanation first: what kind of station it is, and whether the file copies the protocol correctly.";
pub(super) const REPEATED: &str = "The same file, map and seed give the same report to the last byte, on any machine and any number of \
     threads.";
pub(super) const ROUNDING: &str = "People who make figures up like whole percentages. A station counts as round when its turnout or share \
     lies within 0.05 points of a whole percent. For every station it is known exactly how often a count would land there by chance, so \
     nothing has to be simulated: mean, spread and tail are exact, given the published rates.";
pub(super) const SPIKES: &str = "Stations are counted in bins of 0.1 points. The shaded band is what chance gives (mean ± two standard \
     deviations, exact given the published rates); a triangle marks bins that stand out of it after all bins were judged together. \
     Simple fractions, such as one half or one third, are frequent at small stations by nature: there the band is high too.";
pub(super) const AGREEMENT: &str = "Stations of one district that are counted separately differ, by chance alone and because their voters \
     differ. Where twenty stations of different size print the same percentage to the second decimal, the figures were hardly counted \
     one by one.";
pub(super) const SMALL: &str = "A list with about one vote a station gets none at many of them by chance. Where nearly every station has \
     one or two, small figures were not left to chance.";
pub(super) const SHAPE: &str = "One compact cloud is what similar places give; regions of different kinds give several. A tail to the upper \
     right means that high turnout and high share go together: because of added votes, or because such places differ honestly. These \
     are pictures, not tests.";
pub(super) const CURVE: &str = "What the account would be for every other reference point (turnout in percent, across). Where the curve is \
     flat the choice matters little; where it is steep the figure is a matter of choice. Below zero is drawn as zero.";
pub(super) const MAP_ROUNDING: &str = "How many standard deviations the stations with a whole percentage lie above what counting makes: a shade for each, \
     the darkest from 8 on. A star marks regions that stand out when all are judged together. Hatched regions have too few stations.";
pub(super) const MAP_VOTES: &str = "Votes that depend on the assumption that support does not rise with turnout, in percent of the leader’s votes: a shade for \
     every five percent, the darkest from 40 on. In hatched regions no reference point is singled out: no figure is not a good figure.";
pub(super) const REGIONS: &str = "Each square holds the stations of one region: turnout to the right, share upwards, 0 to 100 % both. A region \
     with a tail to the upper right corner is worth a look of its own.";
pub(super) const DIGITS_WARNING: &str = "Warning: tests of last and second digits reject clean elections. Stations of similar size have uneven \
     digits by nature, and invented figures can have even ones. Beside each result stands the same test on the number of registered \
     voters, which no vote can move: where that fails too, the test says nothing here.";
pub(super) const MIXTURE_WARNING: &str = "The parts belong to a curve, not to stations. Places that differ honestly, and voters who switch \
     tactically, look like altered ones. Read it only beside the same fit to a clean simulated election.";

pub(super) const METHODS: &[&str] = &[
    "Round percentages: D. Kobak, S. Shpilkin, M. Pshenichnikov, Annals of Applied Statistics 10:54 (2016); here with the exact \
     distribution in place of simulation.",
    "Spikes: the same null for every tenth of a percent; compare A. Rozenas, Political Analysis 25:41 (2017).",
    "Agreement: chi-square of counts within a district, lower tail.",
    "Fingerprints and model: P. Klimek, Y. Yegorov, R. Hanel, S. Thurner, PNAS 109:16469 (2012); standardised: R. Jiménez, M. Hidalgo, \
     P. Klimek, Science Advances 3:e1602363 (2017).",
    "Votes by turnout: S. Shpilkin; an accounting identity, refused where no reference point is singled out.",
    "Families: Y. Benjamini, Y. Hochberg, J. R. Statist. Soc. B 57:289 (1995).",
    "Core of the cloud: minimum covariance determinant, P. Rousseeuw (1984).",
];

pub(super) const PROTOCOL: &str = "signed protocol and its enlarged copy";
pub(super) const LISTS: &str = "voters’ list with signatures";
pub(super) const OUTSIDE: &str = "register of requests to vote outside, and its act";
pub(super) const BALLOTS: &str = "counted ballots in their sealed packets";
pub(super) const ENTRY: &str = "log of data entry at the district";
pub(super) const OBSERVERS: &str = "copies held by observers and parties";

pub(super) fn check(check: Check) -> &'static str {
    match check {
        Check::IntegerEither => "Round percentages, turnout or share",
        Check::IntegerTurnout => "Round percentages of turnout",
        Check::IntegerShare => "Round percentages of share",
        Check::AgreementTurnout => "Districts that agree in turnout",
        Check::AgreementShare => "Districts that agree in share",
        Check::SpikesTurnout => "Spikes of turnout",
        Check::SpikesShare => "Spikes of share",
        Check::Twins => "Stations with the same figures",
        Check::LastDigit => "Last digits",
        Check::SecondDigit => "Second digits",
        Check::RepeatedPairs => "Repeated last pairs",
        Check::Correlation => "Correlation of turnout and share",
    }
}

pub(super) fn alteration(alteration: Alteration) -> &'static str {
    match alteration {
        Alteration::Stuff => "Ballots added",
        Alteration::Steal => "Votes moved",
        Alteration::RoundFive => "Turnout raised to a round figure",
        Alteration::Rewrite => "Figures written anew",
        Alteration::Invent => "Last digits invented",
    }
}

pub(super) fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Rounding => "Round percentages",
        Topic::SpikesTurnout => "Spikes of turnout",
        Topic::SpikesShare => "Spikes of share",
        Topic::AgreementTurnout => "Agreement in turnout",
        Topic::AgreementShare => "Agreement in share",
        Topic::Twins => "Same figures",
        Topic::Edits => "One digit apart",
        Topic::Heaps => "Small lists",
        Topic::Impossible => "Impossible figures",
        Topic::Account => "Votes by turnout",
        Topic::Model => "Model of added votes",
        Topic::Compared => "Two counts",
    }
}

/// The section in which a topic is told at length.
pub(super) fn anchor(topic: Topic) -> &'static str {
    match topic {
        Topic::Rounding => "rounding",
        Topic::SpikesTurnout | Topic::SpikesShare => "spikes",
        Topic::AgreementTurnout | Topic::AgreementShare => "agreement",
        Topic::Twins | Topic::Edits => "copies",
        Topic::Heaps => "small",
        Topic::Impossible => "extremes",
        Topic::Account => "account",
        Topic::Model => "model",
        Topic::Compared => "compared",
    }
}

/// What to think of before thinking ill.
pub(super) fn innocent(topic: Topic) -> &'static [&'static str] {
    match topic {
        Topic::Rounding | Topic::SpikesTurnout | Topic::SpikesShare => &[
            "Small stations have coarse percentages. The test keeps every station's own denominator and leaves out those below 100 voters; \
             a finding counts only if it holds from 500 voters on.",
            "Somebody who compiled the file may have computed votes back from rounded percentages.",
            "A rule that rounds the number of ballots or voters (deliveries in hundreds) could do it; look at the protocols.",
        ],
        Topic::AgreementTurnout | Topic::AgreementShare => &[
            "Totals of a district may have been shared out among its stations by whoever compiled the file.",
            "Stations in one building with voters assigned by the alphabet can be very much alike, though hardly to the last ballot.",
        ],
        Topic::Twins => &[
            "A protocol may have been entered twice under two numbers.",
            "Stations of equal size agree by chance now and then; the expected number stands beside the count.",
        ],
        Topic::Edits => &[
            "A digit mistyped when a protocol was copied.",
            "Similar neighbours: the expectation breaks the tie between a station's lists and is too small there.",
        ],
        Topic::Heaps => {
            &["A list that asks each of its helpers to vote at their own station.", "Stations of very equal size."]
        }
        Topic::Impossible => &[
            "A slip of the pen or of the keyboard: these protocols are wrong, and need not be altered.",
            "Voters added on the day, or absentee voters, who are missing from the figure of registered voters in this file.",
        ],
        Topic::Account => &[
            "Places that vote more may honestly prefer the leader: villages, minorities, regions with a different economy.",
            "One national curve mixes regions; the table by region shows where it holds together.",
        ],
        Topic::Model => {
            &["An honest country of different places has no normal distribution; what it misses is booked as added."]
        }
        Topic::Compared => &["Copies are written under pressure at night. Which of two figures is right is on paper."],
    }
}

pub(super) fn extreme(kind: Extreme) -> &'static str {
    match kind {
        Extreme::IssuedAboveRegistered => "More ballots issued than voters registered",
        Extreme::FoundAboveIssued => "More ballots found than issued",
        Extreme::LeaderAboveFound => "More votes for the leader than ballots found",
        Extreme::EveryoneVoted => "Everyone registered took a ballot",
        Extreme::AllForLeader => "Every ballot is for the leader",
        Extreme::NobodyRegistered => "Nobody is registered",
        Extreme::NothingFound => "No ballot was found",
    }
}

pub(super) fn way(way: Way) -> &'static str {
    match way {
        Way::Early => "Ballots issued before the day",
        Way::Outside => "Ballots issued outside the station",
    }
}
