//! Voting early and outside the station: how much, where, and whether its figures look round.
//!
//! Ballots given out at homes or before the day are hard to observe. The check counts them, tests whether their share of the
//! ballots issued is a whole percent too often (the exact integer test of [`crate::integer`], one percentage), and lists stations
//! where they are the greater part.

use serde::{Deserialize, Serialize};

use crate::{
    Limits,
    integer::{Excess, Rule, Test, Which},
    poisson_binomial::Tail,
    table::{Station, members},
};

/// The account of ballots issued in one of these ways.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outside {
    /// Such ballots.
    pub ballots: u64,
    /// All ballots issued.
    pub issued: u64,
    /// Stations with at least one such ballot.
    pub stations: usize,
    /// Stations where at least half of the ballots were issued so, largest share first.
    pub mostly: Vec<usize>,
    /// Stations whose share of such ballots is a whole percent, against the exact null.
    pub round: Excess,
    /// The exact tail of that.
    pub tail: Tail,
    /// Stations in that test: at least 100 ballots issued, at least 1 % and at most 99 % of them so.
    pub tested: usize,
    /// Leader's share in percent at the quarter of stations with the least and with the most such voting, by ballots.
    pub leader: (f64, f64),
    /// Share of such ballots by region: key, such ballots, all ballots.
    pub regions: Vec<(u32, u64, u64)>,
}

impl Limits for Outside {
    const CANNOT_SHOW: &'static str = "Old people, villages and voting over several days raise these shares honestly, and the \
         file does not say how those ballots were cast. Compare with the applications and the register.";
}

/// Looks at `ballots` issued in one way at each station; `regions` has one key a station.
pub fn outside(stations: &[Station], ballots: &[u32], regions: &[u32]) -> Outside {
    let all: Vec<(usize, Station, u32)> = stations
        .iter()
        .zip(ballots)
        .enumerate()
        .map(|(place, (station, own))| (place, *station, (*own).min(station.issued)))
        .collect();
    let percentage =
        |(_, s, own): &(usize, Station, u32)| Station { registered: s.issued, issued: *own, found: 1, leader: 0 };
    let open = |s: &Station| {
        s.registered >= 100
            && 100 * u64::from(s.issued) >= u64::from(s.registered)
            && 100 * u64::from(s.issued) <= 99 * u64::from(s.registered)
    };
    let tested: Vec<Station> = all.iter().map(percentage).filter(open).collect();
    let test = Test::new(&tested, Rule::whole_percent());
    let part = |own: &(usize, Station, u32)| crate::number::ratio(own.2, own.1.issued);
    let mut mostly: Vec<&(usize, Station, u32)> =
        all.iter().filter(|own| own.2 > 0 && 2 * u64::from(own.2) >= u64::from(own.1.issued)).collect();
    mostly.sort_by(|a, b| part(b).total_cmp(&part(a)).then(a.0.cmp(&b.0)));
    let sum = |of: &dyn Fn(&(usize, Station, u32)) -> u32| all.iter().map(|own| u64::from(of(own))).sum::<u64>();
    let region = |(key, places): (u32, Vec<usize>)| {
        let own = || places.iter().filter_map(|place| all.get(*place));
        (key, own().map(|o| u64::from(o.2)).sum(), own().map(|o| u64::from(o.1.issued)).sum())
    };
    Outside {
        ballots: sum(&|own| own.2),
        issued: sum(&|own| own.1.issued),
        stations: all.iter().filter(|own| own.2 > 0).count(),
        mostly: mostly.into_iter().map(|own| own.0).collect(),
        round: test.count(Which::Turnout),
        tail: test.tail(Which::Turnout),
        tested: tested.len(),
        leader: quarters(&all),
        regions: members(regions).into_iter().map(region).collect(),
    }
}

/// Leader's share at the quarters of the ballots found where such voting is least and most frequent.
fn quarters(all: &[(usize, Station, u32)]) -> (f64, f64) {
    let mut order: Vec<&(usize, Station, u32)> = all.iter().filter(|own| own.1.issued > 0 && own.1.found > 0).collect();
    let part = |own: &(usize, Station, u32)| crate::number::ratio(own.2, own.1.issued);
    order.sort_by(|a, b| part(a).total_cmp(&part(b)).then(a.0.cmp(&b.0)));
    let total: u64 = order.iter().map(|own| u64::from(own.1.found)).sum();
    let share = |own: &mut dyn Iterator<Item = &&(usize, Station, u32)>| {
        let (mut leader, mut found) = (0_u64, 0_u64);
        for one in own {
            if 4 * found >= total {
                break;
            }
            leader += u64::from(one.1.leader);
            found += u64::from(one.1.found);
        }
        100.0 * leader as f64 / found.max(1) as f64
    };
    (share(&mut order.iter()), share(&mut order.iter().rev()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_shares_of_home_voting_are_seen() {
        let station = |place: u32| Station {
            registered: 2000,
            issued: 700 + 3 * (place % 100),
            found: 700 + 3 * (place % 100),
            leader: 300,
        };
        let stations: Vec<Station> = (0..300).map(station).collect();
        let honest: Vec<u32> = (0..300).map(|place| 40 + (place * 37) % 60).collect();
        let made: Vec<u32> = stations.iter().map(|s| s.issued / 10).collect();
        let regions: Vec<u32> = (0..300).map(|place| place % 2).collect();
        let plain = outside(&stations, &honest, &regions);
        assert!(plain.tail.p > 0.001 && plain.mostly.is_empty() && plain.regions.len() == 2, "{plain:?}");
        let round = outside(&stations, &made, &regions);
        assert!(round.tail.p < 1e-10 && round.stations == 300);
        assert_eq!(outside(&stations, &vec![9999; 300], &regions).mostly.len(), 300);
    }
}
