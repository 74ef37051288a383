//! Steps in words: each seat with the figures that gave it, and the rival that it beat.

use super::phrase::{decimal, fraction, phrases, valued};
use super::{Words, counted};
use crate::Fraction;
use crate::outcome::{Step, StepKind};

impl Words<'_> {
    /// The step in a sentence, with its arithmetic and the nearest rival; without its article.
    pub fn step(&self, step: &Step) -> String {
        let mut text = step.unit.as_ref().map_or_else(String::new, |unit| format!("{}: ", self.name(unit)));
        text.push_str(&self.what(step));
        if let Some(rival) = &step.over {
            let (name, value) = (self.name(&rival.list), valued(self.language, rival.value));
            text.push(' ');
            text.push_str(&match step.what {
                StepKind::TakenBack => next_kept(self.language, &name, &value),
                _ => next(self.language, &name, &value),
            });
        }
        text
    }

    fn what(&self, step: &Step) -> String {
        let language = self.language;
        let list = self.name(&step.list);
        let seats = counted::seats(language, step.seats);
        let held = counted::seats(language, step.held);
        let seat = self.number(step.seat);
        let value = valued(language, step.value);
        match step.what {
            StepKind::FullQuota => self.full_quota(step, &list, &seats),
            StepKind::Together => together(language, &list, &self.number(step.value.num / step.value.den)),
            StepKind::Shared => shared(language, &list, &seats),
            StepKind::Remainder => remainder(language, &seat, &list, &value),
            StepKind::Quotient => quotient(language, &seat, &list, &held, &value),
            StepKind::HighestAverage => highest_average(language, &seat, &list, &held, &value),
            StepKind::InTurn => in_turn(language, &seat, &list, &value),
            StepKind::Majority => majority(language, &seat, &list),
            StepKind::MajorityLoses => majority_loses(language, &list, &seats),
            StepKind::PassedOn => passed_on(language, &list, &seats),
            StepKind::Elected => elected(language, &seat, &list, &value),
            StepKind::Minimum => minimum(language, &list, &seats),
            StepKind::Held => held_at_outset(language, &list, &seats),
            StepKind::TakenBack => taken_back(language, &list, &seats, &value),
            StepKind::Capped => {
                let would = self.number(step.value.num / step.value.den);
                capped(language, &list, &seats, &would)
            }
            StepKind::Bonus => bonus(language, &list, &seats, &value),
            StepKind::Overhang => {
                let share = self.number(step.value.num / step.value.den);
                overhang(language, &list, &seats, &share)
            }
            // Of ties only: ranked counts have sheets instead of steps.
            StepKind::Exclusion | StepKind::SurplusOrder | StepKind::Fraction => list,
            StepKind::CandidateVotes => candidate_votes(language, &list),
            StepKind::MoreVotes => more_votes(language, &seat, &list, &value),
            StepKind::FewerVotes => fewer_votes(language, &seat, &list, &value),
            StepKind::Lot => lot(language, &seat, &list, &value),
        }
    }

    /// `votes / quota = whole, rest`: the division as a pencil does it.
    fn full_quota(&self, step: &Step, list: &str, seats: &str) -> String {
        let language = self.language;
        let whole = step.value.num / step.value.den;
        let quota =
            self.quota_of(step).filter(|quota| quota.num == step.value.den && step.value.num.is_multiple_of(quota.den));
        let Some(quota) = quota else {
            return full_quota_ratio(language, &list, &seats, &valued(language, step.value));
        };
        let votes = self.number(step.value.num / quota.den);
        let rest = Fraction { num: step.value.num % step.value.den, den: quota.den };
        let by = match quota.den {
            1 => fraction(language, quota),
            _ => format!("({})", fraction(language, quota)),
        };
        let whole = counted::whole_quotas(language, u64::try_from(whole).unwrap_or(u64::MAX));
        full_quota_divided(language, &list, &seats, &votes, &by, &whole, &valued(language, rest))
    }

    /// The quota of the step's stage.
    fn quota_of(&self, step: &Step) -> Option<Fraction> {
        let stages = self.outcome.map(|outcome| outcome.stages.as_slice()).unwrap_or_default();
        let stage = stages.iter().find(|stage| stage.id == step.stage)?;
        match &step.unit {
            None => stage.quota,
            Some(unit) => stage.units.iter().find(|own| own.unit == *unit)?.quota,
        }
    }

    /// The quota of a stage: what it is and about how many votes.
    pub fn quota(&self, stage: &str, quota: Fraction) -> String {
        let shown = match quota.den {
            1 => fraction(self.language, quota),
            _ => format!("{} {}", fraction(self.language, quota), decimal(self.language, quota)),
        };
        quota_is(self.language, &stage, &shown)
    }
}

phrases! {
    together(list, votes) {
        en: "{list} take part as one, with {votes} votes together.",
        ru: "{list}: участвуют как один список, вместе голосов: {votes}.",
        ky: "{list}: бир тизме катары катышат, чогуу добуш: {votes}.",
    }
    shared(list, seats) {
        en: "{list} won {seats} as one; among themselves, by the same rule:",
        ru: "{list}: вместе получено {seats}; между собой, по тому же правилу:",
        ky: "{list}: чогуу алынганы {seats}; өз ара, ошол эле эреже боюнча:",
    }
    quota_is(stage, quota) {
        en: "Stage {stage}: one seat costs a quota of {quota} votes.",
        ru: "Этап {stage}: квота на один мандат, в голосах: {quota}.",
        ky: "{stage} этабы: бир мандатка квота, добуш менен: {quota}.",
    }
    full_quota_divided(list, seats, votes, quota, whole, rest) {
        en: "{list}: {votes} votes / {quota} = {whole}, {rest} votes left over: {seats}.",
        ru: "{list}: голоса {votes} / {quota} = {whole}, остаток в голосах: {rest}. Итого {seats}.",
        ky: "{list}: добуш {votes} / {quota} = {whole}, калдык, добуш менен: {rest}. Жыйынтыгы: {seats}.",
    }
    full_quota_ratio(list, seats, ratio) {
        en: "{list}: {seats} for full quotas (votes / quota = {ratio}).",
        ru: "{list}: {seats} за целые квоты (голоса / квота = {ratio}).",
        ky: "{list}: бүтүн квоталар үчүн {seats} (добуш / квота = {ratio}).",
    }
    remainder(seat, list, value) {
        en: "Seat {seat}: {list}, by its remainder of {value} votes.",
        ru: "Мандат № {seat}: {list}, по остатку, в голосах: {value}.",
        ky: "№ {seat} мандат: {list}, калдыгы боюнча, добуш менен: {value}.",
    }
    quotient(seat, list, held, value) {
        en: "Seat {seat}: {list}, which has {held} so far, by its quotient {value}.",
        ru: "Мандат № {seat}: {list} (уже имеет {held}), по частному {value}.",
        ky: "№ {seat} мандат: {list} (буга чейин {held} алган), тийиндиси боюнча: {value}.",
    }
    highest_average(seat, list, held, value) {
        en: "Seat {seat}: {list}, which has {held} so far, by the highest average of {value} votes.",
        ru: "Мандат № {seat}: {list} (уже имеет {held}), по наибольшему среднему, в голосах: {value}.",
        ky: "№ {seat} мандат: {list} (буга чейин {held} алган), эң жогорку орточо боюнча, добуш менен: {value}.",
    }
    in_turn(seat, list, value) {
        en: "Seat {seat}: {list}, in turn by falling votes, with {value} votes.",
        ru: "Мандат № {seat}: {list}, по очереди в порядке убывания голосов, голосов: {value}.",
        ky: "№ {seat} мандат: {list}, добуштардын кемүү тартибинде кезеги менен, добуш: {value}.",
    }
    majority(seat, list) {
        en: "Seat {seat}: {list}, for more than half of the votes.",
        ru: "Мандат № {seat}: {list}, как получивший больше половины голосов.",
        ky: "№ {seat} мандат: {list}, добуштардын жарымынан көбүн алгандыктан.",
    }
    majority_loses(list, seats) {
        en: "{list}: {seats} goes to the list with more than half of the votes.",
        ru: "{list}: {seats} переходит к списку, получившему больше половины голосов.",
        ky: "{list}: {seats} добуштардын жарымынан көбүн алган тизмеге өтөт.",
    }
    passed_on(list, seats) {
        en: "{list}: {seats} passed on to others, as it has no more candidates.",
        ru: "{list}: {seats} передаётся другим, так как кандидатов больше нет.",
        ky: "{list}: {seats} башкаларга өтөт, анткени талапкерлери калган жок.",
    }
    elected(seat, list, votes) {
        en: "Seat {seat}: {list}, elected with {votes} votes.",
        ru: "Мандат № {seat}: {list}, избран; голосов: {votes}.",
        ky: "№ {seat} мандат: {list}, шайланды; добушу: {votes}.",
    }
    minimum(list, seats) {
        en: "{list}: {seats} as the minimum for each.",
        ru: "{list}: {seats} как минимум, положенный каждому.",
        ky: "{list}: {seats}, ар бирине тийиштүү минимум катары.",
    }
    held_at_outset(list, seats) {
        en: "{list}: {seats} held at the outset.",
        ru: "{list}: {seats} уже имеется к началу этапа.",
        ky: "{list}: этаптын башында {seats} бар.",
    }
    taken_back(list, seats, value) {
        en: "{list}: {seats} taken back, as the quotas gave out too many; its remainder is {value} votes.",
        ru: "{list}: {seats} снято, так как квоты дали лишнее; остаток в голосах: {value}.",
        ky: "{list}: {seats} кайтарылып алынды, анткени квоталар ашыкча берди; калдыгы, добуш менен: {value}.",
    }
    capped(list, seats, would) {
        en: "{list}: held at the cap of {seats}; it would have {would}.",
        ru: "{list}: ограничен верхним пределом, {seats}; без предела было бы {would}.",
        ky: "{list}: жогорку чек менен чектелди, {seats}; чексиз болгондо {would} болмок.",
    }
    bonus(list, seats, votes) {
        en: "{list}: {seats} more as the bonus, with {votes} votes the largest.",
        ru: "{list}: дополнительно {seats} как премия крупнейшему списку; голосов: {votes}.",
        ky: "{list}: эң ири тизмеге сыйлык катары кошумча {seats}; добушу: {votes}.",
    }
    overhang(list, seats, share) {
        en: "{list}: keeps the {seats} won elsewhere; its share here would be {share}.",
        ru: "{list}: сохраняет {seats}, полученные вне этого этапа; здесь его доля была бы {share}.",
        ky: "{list}: башка жерде алган {seats} өзүндө калат; бул жердеги үлүшү {share} болмок.",
    }
    candidate_votes(list) {
        en: "{list}: its candidates take its seats by their own votes.",
        ru: "{list}: кандидаты получают мандаты по числу голосов, поданных за них лично.",
        ky: "{list}: талапкерлер мандаттарды өздөрүнө берилген добуштар боюнча алышат.",
    }
    more_votes(seat, list, value) {
        en: "Seat {seat}: {list}, tied at {value}, has more votes in all.",
        ru: "Мандат № {seat}: {list}, при равенстве ({value}), так как всего голосов больше.",
        ky: "№ {seat} мандат: {list}, теңдик болгондо ({value}), анткени жалпы добушу көбүрөөк.",
    }
    fewer_votes(seat, list, value) {
        en: "Seat {seat}: {list}, tied at {value}, has fewer votes in all.",
        ru: "Мандат № {seat}: {list}, при равенстве ({value}), так как всего голосов меньше.",
        ky: "№ {seat} мандат: {list}, теңдик болгондо ({value}), анткени жалпы добушу азыраак.",
    }
    lot(seat, list, value) {
        en: "Seat {seat}: {list}, tied at {value}, drawn by lot.",
        ru: "Мандат № {seat}: {list}, при равенстве ({value}), по жребию.",
        ky: "№ {seat} мандат: {list}, теңдик болгондо ({value}), чүчүкулак боюнча.",
    }
    next(list, value) {
        en: "Next in line: {list} with {value}.",
        ru: "Ближайший соперник: {list}, {value}.",
        ky: "Эң жакын атаандаш: {list}, {value}.",
    }
    next_kept(list, value) {
        en: "The next, {list} with {value}, keeps its seat.",
        ru: "Следующий, {list} ({value}), мандат сохраняет.",
        ky: "Кийинкиси, {list} ({value}), мандатын сактайт.",
    }
}
