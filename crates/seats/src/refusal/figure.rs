//! Figures that can be too large for a count of votes.

use crate::words::say::reasons;

reasons! {
    /// What is too large.
    #[non_exhaustive]
    Figure {
        /// A figure of the tally or the rulebook, by its id.
        Of(id: String) {
            en: "{id}", ru: "{id}", ky: "{id}",
        }
        /// Votes together.
        Votes {
            en: "a sum of votes", ru: "сумма голосов", ky: "добуштардын суммасы",
        }
        /// Votes of a list's candidates together.
        VotesOfCandidates {
            en: "the votes of a list's candidates",
            ru: "голоса кандидатов списка",
            ky: "тизменин талапкерлеринин добуштары",
        }
        /// Votes for people of no list.
        VotesOfNoList {
            en: "votes of no list", ru: "голоса вне списков", ky: "тизмеден тышкары добуштар",
        }
        /// Voters together.
        Voters {
            en: "a sum of voters", ru: "сумма избирателей", ky: "шайлоочулардын суммасы",
        }
        /// Electors or stations that are not in the totals.
        Missing {
            en: "missing electors or stations",
            ru: "число недостающих избирателей или участков",
            ky: "жетишпеген шайлоочулардын же участкалардын саны",
        }
        /// A quotient.
        Quotient {
            en: "a quotient", ru: "частное", ky: "тийинди",
        }
        /// A multiple of the quota.
        MultipleOfQuota {
            en: "a multiple of the quota", ru: "кратное квоты", ky: "квотанын эселениши",
        }
        /// A multiple of votes.
        MultipleOfVotes {
            en: "a multiple of votes", ru: "кратное числа голосов", ky: "добуштардын эселениши",
        }
        /// A multiple of a share.
        MultipleOfShare {
            en: "a multiple of a share", ru: "кратное доли", ky: "үлүштүн эселениши",
        }
        /// The table of a biproportional stage.
        Table {
            en: "the table of units and lists",
            ru: "таблица территорий и списков",
            ky: "аймактардын жана тизмелердин таблицасы",
        }
    }
}
