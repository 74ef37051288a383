//! Margins in words: the fewest votes that change something, by which move, and how sure that is.

use super::phrase::phrases;
use super::{Words, counted};
use crate::outcome::{Exactness, Margin, Move, Turning};

impl Words<'_> {
    /// The margin in a sentence.
    pub fn margin(&self, margin: &Margin) -> String {
        let language = self.language;
        let list = self.name(&margin.list);
        let turning = match &margin.turning {
            Turning::Test { base, unit, meets: true, .. } => would_meet(language, base, &self.name(unit)),
            Turning::Test { base, unit, .. } => would_miss(language, base, &self.name(unit)),
            Turning::Admission { stage, admitted: true } => would_be_admitted(language, stage),
            Turning::Admission { stage, .. } => would_be_out(language, stage),
            Turning::Poll { stage, elected: true } => would_win(language, stage),
            Turning::Poll { stage, .. } => would_not_win(language, stage),
            Turning::Chair { stage, list, elected: true } => would_sit(language, stage, &self.name(list)),
            Turning::Chair { stage, list, .. } => would_not_sit(language, stage, &self.name(list)),
            Turning::FirstRound { stage, elected: true } => would_win_first(language, stage),
            Turning::FirstRound { stage, .. } => would_not_win_first(language, stage),
            Turning::StandsAgain { stage, stands: true } => would_stand_again(language, stage),
            Turning::StandsAgain { stage, .. } => would_not_stand_again(language, stage),
            Turning::SecondRound { stage, elected: true } => would_win_second(language, stage),
            Turning::SecondRound { stage, .. } => would_not_win_second(language, stage),
            Turning::Ranked { stage, elected: true } => would_win(language, stage),
            Turning::Ranked { stage, .. } => would_not_win(language, stage),
            Turning::GainsSeat => gains_seat(language),
            Turning::LosesSeat => loses_seat(language),
        };
        // In a poll there is no base, and a list's own votes stay when its voters mark others.
        let poll = matches!(margin.turning, Turning::Poll { .. } | Turning::Chair { .. } | Turning::SecondRound { .. });
        let ranked = matches!(margin.turning, Turning::Ranked { .. });
        let by = match &margin.by {
            Move::GainedNew if poll => poll_gains(language),
            Move::LostBaseFalls if poll => poll_loses(language),
            Move::GainedBaseFixed if poll => list_gains(language),
            Move::LostBaseFixed if poll => list_loses(language),
            Move::GainedNew if ranked => papers_gained(language),
            Move::LostBaseFalls if ranked => papers_lost(language),
            Move::PapersChanged => papers_changed(language),
            Move::GainedBaseFixed => gained_base_fixed(language),
            Move::GainedNew => gained_new(language),
            Move::LostBaseFixed => lost_base_fixed(language),
            Move::LostBaseFalls => lost_base_falls(language),
            Move::OthersGainNew => others_gain(language),
            Move::MovedFrom(other) => moved_from(language, &self.name(other)),
            Move::MovedTo(other) => moved_to(language, &self.name(other)),
        };
        let by = match &margin.unit {
            Some(unit) => format!("{by} ({})", self.name(unit)),
            None => by,
        };
        let Some(votes) = margin.votes else {
            return match margin.exactness {
                Exactness::Exact => never(language, &list, &turning, &by),
                _ => none_found(language, &list, &turning, &by),
            };
        };
        let votes = if ranked { counted::papers(language, votes) } else { counted::votes(language, votes) };
        match margin.exactness {
            Exactness::AtLeast => at_least(language, &list, &turning, &votes, &by),
            Exactness::Exact => exact(language, &list, &turning, &votes, &by),
            Exactness::Suffices => suffices(language, &list, &turning, &votes, &by),
        }
    }
}

phrases! {
    would_meet(base, unit) {
        en: "would meet the share of {base} in {unit}",
        ru: "преодолел бы порог (доля от {base}, {unit})",
        ky: "босогодон өтмөк ({base} үлүшү, {unit})",
    }
    would_miss(base, unit) {
        en: "would miss the share of {base} in {unit}",
        ru: "не преодолел бы порог (доля от {base}, {unit})",
        ky: "босогодон өтпөй калмак ({base} үлүшү, {unit})",
    }
    would_be_admitted(stage) {
        en: "would be admitted at stage {stage}",
        ru: "был бы допущен на этапе {stage}",
        ky: "{stage} этабында киргизилмек",
    }
    would_be_out(stage) {
        en: "would not be admitted at stage {stage}",
        ru: "не был бы допущен на этапе {stage}",
        ky: "{stage} этабында киргизилмек эмес",
    }
    would_win(stage) {
        en: "would be elected at stage {stage}",
        ru: "был бы избран на этапе {stage}",
        ky: "{stage} этабында шайланмак",
    }
    would_not_win(stage) {
        en: "would not be elected for certain at stage {stage}",
        ru: "не был бы наверняка избран на этапе {stage}",
        ky: "{stage} этабында анык шайланмак эмес",
    }
    would_sit(stage, list) {
        en: "would sit for {list} at stage {stage}",
        ru: "получил бы мандат списка {list} на этапе {stage}",
        ky: "{stage} этабында {list} тизмесинин мандатын алмак",
    }
    would_not_sit(stage, list) {
        en: "would not sit for {list} for certain at stage {stage}",
        ru: "не получил бы наверняка мандат списка {list} на этапе {stage}",
        ky: "{stage} этабында {list} тизмесинин мандатын анык алмак эмес",
    }
    would_win_first(stage) {
        en: "would be elected in the first round of stage {stage}",
        ru: "был бы избран в первом туре этапа {stage}",
        ky: "{stage} этабынын биринчи айлампасында шайланмак",
    }
    would_not_win_first(stage) {
        en: "would not be elected for certain in the first round of stage {stage}",
        ru: "не был бы наверняка избран в первом туре этапа {stage}",
        ky: "{stage} этабынын биринчи айлампасында анык шайланмак эмес",
    }
    would_stand_again(stage) {
        en: "would stand in the second round of stage {stage}",
        ru: "вышел бы во второй тур этапа {stage}",
        ky: "{stage} этабынын экинчи айлампасына чыкмак",
    }
    would_not_stand_again(stage) {
        en: "would not stand for certain in the second round of stage {stage}",
        ru: "не вышел бы наверняка во второй тур этапа {stage}",
        ky: "{stage} этабынын экинчи айлампасына анык чыкмак эмес",
    }
    would_win_second(stage) {
        en: "would be elected in the second round of stage {stage}",
        ru: "был бы избран во втором туре этапа {stage}",
        ky: "{stage} этабынын экинчи айлампасында шайланмак",
    }
    would_not_win_second(stage) {
        en: "would not be elected for certain in the second round of stage {stage}",
        ru: "не был бы наверняка избран во втором туре этапа {stage}",
        ky: "{stage} этабынын экинчи айлампасында анык шайланмак эмес",
    }
    list_gains() {
        en: "more of their own, with the votes of the list fixed",
        ru: "больше собственных голосов при неизменных голосах списка",
        ky: "өз добуштары көп болсо, тизменин добуштары өзгөрбөсө",
    }
    list_loses() {
        en: "fewer of their own, with the votes of the list fixed",
        ru: "меньше собственных голосов при неизменных голосах списка",
        ky: "өз добуштары аз болсо, тизменин добуштары өзгөрбөсө",
    }
    papers_gained() {
        en: "more, if they are new",
        ru: "больше, если они новые",
        ky: "көп болсо, эгер алар жаңы болсо",
    }
    papers_lost() {
        en: "fewer, if these voters stay away",
        ru: "меньше, если эти избиратели не придут",
        ky: "аз болсо, эгер ал шайлоочулар келбесе",
    }
    papers_changed() {
        en: "filled in otherwise",
        ru: "заполнить иначе",
        ky: "башкача толтурулса",
    }
    at_least(list, turning, votes, by) {
        en: "{list} {turning} with no less than {votes} {by}: fewer are proved not to do.",
        ru: "{list} {turning}: не меньше чем {votes} {by}; доказано, что меньшего числа недостаточно.",
        ky: "{list} {turning}: кеминде {votes} {by}; андан аз сан жетпей турганы далилденген.",
    }
    gains_seat() { en: "would gain a seat", ru: "получил бы ещё один мандат", ky: "дагы бир мандат алмак" }
    loses_seat() { en: "would lose a seat", ru: "потерял бы один мандат", ky: "бир мандатынан ажырамак" }
    gained_base_fixed() {
        en: "more, with the base fixed",
        ru: "больше при неизменной базе",
        ky: "көп болсо, база өзгөрбөсө",
    }
    gained_new() {
        en: "more, if they are new",
        ru: "больше, если это новые голоса (база растёт)",
        ky: "көп болсо, эгер алар жаңы добуштар болсо (база өсөт)",
    }
    poll_gains() {
        en: "more, if they are new",
        ru: "больше, если это новые голоса",
        ky: "көп болсо, эгер алар жаңы добуштар болсо",
    }
    poll_loses() {
        en: "fewer, if they stay away",
        ru: "меньше, если эти избиратели не придут",
        ky: "аз болсо, эгер ал шайлоочулар келбесе",
    }
    lost_base_fixed() {
        en: "fewer, with the base fixed",
        ru: "меньше при неизменной базе",
        ky: "аз болсо, база өзгөрбөсө",
    }
    lost_base_falls() {
        en: "fewer, if they stay away",
        ru: "меньше, если эти избиратели не придут (база падает)",
        ky: "аз болсо, эгер ал шайлоочулар келбесе (база азаят)",
    }
    others_gain() {
        en: "more for others, if they are new",
        ru: "больше за других, если это новые голоса (база растёт)",
        ky: "башкаларга көп берилсе, эгер алар жаңы добуштар болсо (база өсөт)",
    }
    moved_from(other) {
        en: "moved to it from {other}",
        ru: "при переходе к нему от: {other}",
        ky: "төмөнкүдөн ага өтсө: {other}",
    }
    moved_to(other) {
        en: "moved from it to {other}",
        ru: "при переходе от него к: {other}",
        ky: "андан төмөнкүгө өтсө: {other}",
    }
    never(list, turning, by) {
        en: "{list} {turning} by no number of votes {by}.",
        ru: "{list} {turning}: никаким числом голосов ({by}).",
        ky: "{list} {turning}: добуштун эч бир саны менен эмес ({by}).",
    }
    none_found(list, turning, by) {
        en: "{list} {turning} by no number of votes that was tried {by}.",
        ru: "{list} {turning}: среди проверенных чисел голосов такого нет ({by}).",
        ky: "{list} {turning}: текшерилген добуш сандарынын арасында мындайы жок ({by}).",
    }
    exact(list, turning, votes, by) {
        en: "{list} {turning} with {votes} {by}; one fewer would not do.",
        ru: "{list} {turning}: {votes} {by}; одним меньше недостаточно.",
        ky: "{list} {turning}: {votes} {by}; бирөө кем болсо жетпейт.",
    }
    suffices(list, turning, votes, by) {
        en: "{list} {turning} with {votes} {by} (enough; fewer are not excluded).",
        ru: "{list} {turning}: {votes} {by} (достаточно; меньшее число не исключено).",
        ky: "{list} {turning}: {votes} {by} (жетиштүү; азыраагы да мүмкүн).",
    }
}
