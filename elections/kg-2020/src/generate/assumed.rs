//! What nobody published and the generator had to choose. Every choice stands here.

use crate::story::{Basis, Provenance};

/// Territorial commissions per unit, in the order of the figures: 54 in all is published, the spread is not.
pub(crate) const TERRITORIES: [u64; 9] = [4, 1, 9, 7, 6, 5, 8, 9, 5];

/// Final turnout in hundredths of a percent where only "between Batken's 50.34 and Osh city's 68.3" is known.
/// One unit (Jalal-Abad) is left out: it takes what remains of the national total, 59.6 %.
pub(crate) const TURNOUT: [(&str, u64); 5] =
    [("bishkek", 5_300), ("chui", 5_420), ("issyk-kul", 5_510), ("naryn", 6_030), ("osh-region", 6_040)];

/// How likely a station of a unit is to be among those counted by hand at 11:00, in percent of the average.
pub(crate) const HAND_SPEED: [(&str, u64); 9] = [
    ("bishkek", 118),
    ("osh-city", 82),
    ("chui", 108),
    ("issyk-kul", 108),
    ("naryn", 110),
    ("talas", 118),
    ("osh-region", 84),
    ("jalal-abad", 94),
    ("batken", 96),
];

/// Leanings of the seven units whose shares were not published: unit, list, percent of the list's average.
/// They only shape; the totals of the country hold whatever stands here.
pub(crate) const LEANING: [(&str, &str, u64); 24] = [
    ("osh-city", "birimdik", 125),
    ("osh-city", "mekenim", 130),
    ("osh-city", "respublika", 55),
    ("osh-city", "social_democrats", 60),
    ("osh-region", "birimdik", 130),
    ("osh-region", "mekenim", 120),
    ("osh-region", "butun", 140),
    ("osh-region", "reforma", 40),
    ("osh-region", "respublika", 60),
    ("jalal-abad", "mekenchil", 120),
    ("jalal-abad", "ata_meken", 130),
    ("jalal-abad", "kyrgyzstan", 115),
    ("batken", "butun", 170),
    ("batken", "kyrgyzstan", 120),
    ("batken", "zamandash", 70),
    ("chui", "respublika", 130),
    ("chui", "social_democrats", 180),
    ("chui", "against_all", 140),
    ("chui", "birimdik", 85),
    ("issyk-kul", "mekenchil", 190),
    ("issyk-kul", "respublika", 120),
    ("issyk-kul", "birimdik", 80),
    ("naryn", "bir_bol", 200),
    ("naryn", "butun", 60),
];

/// Shares of the hand count that round to the printed ones and move a seat from Respublika to Kyrgyzstan.
pub(crate) const ALTERNATIVE: [(&str, &str); 2] = [("kyrgyzstan", "9.343"), ("respublika", "7.068")];

/// The list reported above 7 % at night and below it in the morning. The last machine counts to arrive are those where it
/// is weakest; which they were is not published.
pub(crate) const ABOVE_AT_NIGHT: &str = "mekenchil";

/// Stations at which hand and machine counts differ in the world where they do.
pub(crate) const DIFFERING: usize = 780;

/// Protocols with an honest error in their lines.
pub(crate) const SLIPS: usize = 36;

/// Observers' copies, and how many of them differ from the protocol.
pub(crate) const COPIES: usize = 48;
/// See [`COPIES`].
pub(crate) const COPIES_THAT_DIFFER: usize = 14;

/// What is fact and what is not, in words.
pub(crate) fn provenance() -> Vec<Provenance> {
    let line = |basis, what| Provenance { basis, what };
    vec![
        line(
            Basis::Published,
            "votes per list and against all of the machine count, voters who took part, voters on the register, numbers of stations at home, abroad and missing (5 October, 11:00)",
        ),
        line(Basis::Published, "shares of the hand count of 1,558 stations, to the decimals printed"),
        line(
            Basis::Published,
            "shares of the lists in Bishkek and Talas; turnout of Osh city, Batken and Talas; turnout at 14:00 in nine units; turnout at 22:30 and 11:00",
        ),
        line(
            Basis::Published,
            "shares of the register on 28 September and the numbers of stations then; precincts of Bishkek and Osh city; Form No. 2; 21 complaints by noon; the observers' sample",
        ),
        line(
            Basis::Published,
            "number, date, title and cited law of the ruling of 6 October; presence at parliament's sittings as reported",
        ),
        line(
            Basis::Computed,
            "31,823 invalid or unread ballots; voters on the register per unit, from the 14:00 turnout (their sum leaves 31,898 abroad)",
        ),
        line(
            Basis::Assumed,
            "which of the two worlds holds: whether hand and machine counts differ at the same stations",
        ),
        line(Basis::Assumed, "that every admitted list has 0.7 % in the seven units whose shares were not published"),
        line(
            Basis::Assumed,
            "final turnout in six units, between the published lowest and highest; the register's total of 28 September, taken to be that of 5 October",
        ),
        line(
            Basis::Assumed,
            "which 90 machine counts came after the election-night statement: chosen so that, as reported, five lists were above 7 % at night and four in the morning",
        ),
        line(
            Basis::Assumed,
            "exact hand totals inside the rounding of the printed shares; another choice inside it moves one seat (hand_alternative)",
        ),
        line(
            Basis::Synthetic,
            "every station's code, register, voters, votes, lines and times; territories; which stations are counted by hand; which were removed from the register",
        ),
        line(
            Basis::Synthetic,
            "observers' copies and the stations and subjects of complaints; the errors in 36 protocols; the minute of the election-night statement",
        ),
    ]
}
