//! Why someone follows, or does not.

use crate::words::say::reasons;

reasons! {
    /// Why someone follows, or does not.
    #[non_exhaustive]
    Because {
        /// Whose seat it is.
        LeftTheSeat {
            en: "left the seat", ru: "освобождает мандат", ky: "мандатты бошотот",
        }
        /// Sits already.
        HasASeat {
            en: "has a seat", ru: "уже имеет мандат", ky: "мандаты бар",
        }
        /// Left, refused, or can no longer be elected.
        HasLeft {
            en: "has left or cannot follow",
            ru: "выбыл или не может занять мандат",
            ky: "кеткен же мандатты ала албайт",
        }
        /// Withdrew before seats were given.
        Withdrew {
            en: "withdrew before the allocation",
            ru: "отказался до распределения",
            ky: "бөлүштүрүүгө чейин баш тарткан",
        }
        /// The first who can, by the list.
        NextOnList {
            en: "next on the list", ru: "следующий по списку", ky: "тизмедеги кийинкиси",
        }
        /// The first who can, by the order of seating.
        NextInOrder {
            en: "next in the order of seating", ru: "следующий в порядке получения мандатов", ky: "мандат алуу иретиндеги кийинкиси",
        }
        /// Votes.
        MostVotes(votes: u64) {
            en: "most votes of those left: {votes}",
            ru: "больше всего голосов из оставшихся: {votes}",
            ky: "калгандардын ичинен эң көп добуш: {votes}",
        }
        /// Votes, among those with the same value of an attribute.
        MostVotesAlike(attribute: String, votes: u64) {
            en: "most votes of those left with the same `{attribute}`: {votes}",
            ru: "больше всего голосов из оставшихся с тем же `{attribute}`: {votes}",
            ky: "`{attribute}` бирдей калгандардын ичинен эң көп добуш: {votes}",
        }
        /// Votes, where nobody with the same value of an attribute is left.
        MostVotesOfOthers(attribute: String, votes: u64) {
            en: "most votes of those left; nobody with the same `{attribute}` is left: {votes}",
            ru: "больше всего голосов из оставшихся; с тем же `{attribute}` не осталось никого: {votes}",
            ky: "калгандардын ичинен эң көп добуш; `{attribute}` бирдей эч ким калган жок: {votes}",
        }
        /// Drawn by lot among those with as many votes.
        Drawn(votes: u64) {
            en: "drawn by lot among those with {votes} votes",
            ru: "определён жребием среди набравших голосов: {votes}",
            ky: "ушунча добуш алгандардын арасынан чүчүкулак менен: {votes}",
        }
        /// Won the count of the papers that elected the one who left.
        WonCountback {
            en: "won the count of the papers that elected the one who left",
            ru: "по бюллетеням того, кто освободил мандат, получает его",
            ky: "мандатты бошоткондун бюллетендери боюнча аны алат",
        }
        /// Lost it.
        LostCountback {
            en: "did not win the count of the papers that elected the one who left",
            ru: "по бюллетеням того, кто освободил мандат, его не получает",
            ky: "мандатты бошоткондун бюллетендери боюнча аны албайт",
        }
    }
}
