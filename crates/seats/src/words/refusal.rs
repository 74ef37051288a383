//! Refusals in Russian and Kyrgyz. The English sentence is the error's own.

use super::{Language, counted, phrase};
use crate::refusal::Refusal;

/// A sentence in the languages beside English, with figures named in place.
macro_rules! said {
    ($language:expr, ru: $ru:literal, ky: $ky:literal $(,)?) => {
        match $language {
            Language::Kyrgyz => format!($ky),
            Language::English | Language::Russian => format!($ru),
        }
    };
}

/// The refusal in a sentence.
pub(super) fn refusal(language: Language, refusal: &Refusal) -> String {
    if language == Language::English {
        return refusal.to_string();
    }
    input(language, refusal).or_else(|| figures(language, refusal)).unwrap_or_else(|| computation(language, refusal))
}

/// What does not fit together in the tally.
fn input(language: Language, refusal: &Refusal) -> Option<String> {
    Some(match refusal {
        Refusal::TallyUnreadable { reason } => {
            let reason = reason.say(language);
            said!(language,
                ru: "данные о голосах не читаются: {reason}",
                ky: "добуштар тууралуу маалымат окулбайт: {reason}")
        }
        Refusal::DuplicateList { list } => said!(language,
            ru: "список `{list}` указан дважды; оставьте одну запись",
            ky: "`{list}` тизмеси эки жолу көрсөтүлгөн; бир жазуу калтырыңыз"),
        Refusal::DuplicateCandidate { list, candidate } => said!(language,
            ru: "кандидат `{candidate}` указан в списке `{list}` дважды; у каждого человека должен быть свой код",
            ky: "`{candidate}` талапкери `{list}` тизмесинде эки жолу көрсөтүлгөн; ар бир адамдын өз коду болушу керек"),
        Refusal::DuplicateUnit { unit } => said!(language,
            ru: "территория `{unit}` указана дважды; оставьте одну запись",
            ky: "`{unit}` аймагы эки жолу көрсөтүлгөн; бир жазуу калтырыңыз"),
        Refusal::DuplicateTotal { contest, unit } => said!(language,
            ru: "голосование `{contest}`: два итога по территории `{unit}`; оставьте один",
            ky: "`{contest}` добуш берүүсү: `{unit}` аймагы боюнча эки жыйынтык; бирин калтырыңыз"),
        Refusal::UnknownList { list, unit } => said!(language,
            ru: "по территории `{unit}` есть голоса за `{list}`, но такого списка в данных нет",
            ky: "`{unit}` аймагында `{list}` үчүн добуш бар, бирок мындай тизме маалыматта жок"),
        Refusal::UnknownUnit { unit } => said!(language,
            ru: "территория `{unit}` упомянута, но в данных её нет",
            ky: "`{unit}` аймагы аталган, бирок маалыматта жок"),
        Refusal::UnknownLevel { unit, level } => said!(language,
            ru: "территория `{unit}` имеет уровень `{level}`, которого нет в units.levels",
            ky: "`{unit}` аймагынын деңгээли `{level}`, ал units.levels ичинде жок"),
        Refusal::UnknownContest { contest } => said!(language,
            ru: "в данных есть итоги голосования `{contest}`, которого правила не знают",
            ky: "маалыматта `{contest}` добуш берүүсүнүн жыйынтыгы бар, бирок эрежелерде ал жок"),
        Refusal::TwoNationalUnits { first, second } => said!(language,
            ru: "и `{first}`, и `{second}` имеют высший уровень; страна одна",
            ky: "`{first}` да, `{second}` да эң жогорку деңгээлде; өлкө бирөө гана"),
        Refusal::NoTotals { contest } => said!(language,
            ru: "нет итогов голосования `{contest}`",
            ky: "`{contest}` добуш берүүсүнүн жыйынтыгы жок"),
        Refusal::UnitMissing { contest, unit } => said!(language,
            ru: "нет итога голосования `{contest}` по территории `{unit}`, хотя у других её уровня он есть",
            ky: "`{unit}` аймагы боюнча `{contest}` жыйынтыгы жок, ошол эле деңгээлдеги башкаларда бар"),
        _ => return None,
    })
}

/// Figures that cannot be right, or are not there.
fn figures(language: Language, refusal: &Refusal) -> Option<String> {
    let number = |number: u64| phrase::number(language, u128::from(number));
    Some(match refusal {
        Refusal::UnitsMissing { level, found, required } => {
            let (found, required) = (number(*found), number(*required));
            said!(language,
                ru: "территорий уровня `{level}` в данных {found}, а правила требуют {required}",
                ky: "`{level}` деңгээлиндеги аймактар маалыматта {found}, эрежелер {required} талап кылат")
        }
        Refusal::NoUnitTotals { stage, level } => said!(language,
            ru: "этап `{stage}` требует доли в каждой территории уровня `{level}`, а итогов этого уровня нет; \
                 дайте их или укажите допущение, что все списки её имеют",
            ky: "`{stage}` этабы `{level}` деңгээлиндеги ар бир аймакта үлүш талап кылат, бирок ал деңгээлдин \
                 жыйынтыктары жок; аларды бериңиз же бардык тизмелер өтөт деген божомолду көрсөтүңүз"),
        Refusal::RegisterMissing { stage, unit, name } => said!(language,
            ru: "в реестре территории `{unit}` нет числа `{name}`, нужного этапу `{stage}`",
            ky: "`{unit}` аймагынын реестринде `{stage}` этабына керектүү `{name}` саны жок"),
        Refusal::NoUnits { stage, level } => said!(language,
            ru: "этап `{stage}` считает по территориям уровня `{level}`, а итогов по ним нет",
            ky: "`{stage}` этабы `{level}` деңгээлиндеги аймактар боюнча эсептейт, бирок алардын жыйынтыктары жок"),
        Refusal::BadNominee { nominee, reason } => {
            let reason = reason.say(language);
            said!(language,
                ru: "кандидат `{nominee}`: {reason}",
                ky: "талапкер `{nominee}`: {reason}")
        }
        Refusal::UnitsDoNotSum { unit, what, whole, parts } => {
            let (whole, parts) = (number(*whole), number(*parts));
            said!(language,
                ru: "`{what}` по территории `{unit}`: {whole}, но сумма частей {parts}",
                ky: "`{unit}` аймагы боюнча `{what}`: {whole}, бирок бөлүктөрүнүн суммасы {parts}")
        }
        Refusal::BaseMissing { base, unit, lacking } => {
            let lacking = lacking.say(language);
            said!(language,
                ru: "базы `{base}` по территории `{unit}` нет в данных: не хватает {lacking}",
                ky: "`{unit}` аймагы боюнча `{base}` базасы маалыматта жок: {lacking} жетишпейт")
        }
        Refusal::PartAboveWhole { list, votes, base, base_value, unit } => {
            let (votes, base_value) = (counted::votes(language, *votes), number(*base_value));
            let list = list.as_deref().unwrap_or(all_lists(language));
            said!(language,
                ru: "`{list}`: {votes} ({unit}), больше базы `{base}`, равной {base_value}",
                ky: "`{list}`: {votes} ({unit}), бул `{base}` базасынан көп: {base_value}")
        }
        Refusal::AttributeNotANumber { list, attribute, value } => said!(language,
            ru: "признак `{attribute}` списка `{list}` равен `{value}`, а должен быть целым числом",
            ky: "`{list}` тизмесинин `{attribute}` белгиси `{value}`, бүтүн сан болушу керек"),
        Refusal::GroupOverlap { list, groups } => said!(language,
            ru: "список `{list}` входит в объединения `{groups}`; список входит не более чем в одно",
            ky: "`{list}` тизмеси `{groups}` биримдиктеринде; тизме бирөөнө гана кире алат"),
        Refusal::CandidateVotesMissing { list, candidate } => said!(language,
            ru: "у кандидата `{candidate}` списка `{list}` нет собственных голосов (признак `votes`)",
            ky: "`{list}` тизмесинин `{candidate}` талапкеринин өз добуштары жок (`votes` белгиси)"),
        Refusal::Papers { contest, unit, reason } => {
            let reason = reason.say(language);
            said!(language,
                ru: "бюллетени голосования `{contest}` ({unit}): {reason}",
                ky: "`{contest}` добуш берүүсүнүн бюллетендери ({unit}): {reason}")
        }
        Refusal::RankedCount { stage, unit, reason } => {
            let reason = reason.say(language);
            said!(language,
                ru: "этап `{stage}` не может подсчитать бюллетени ({unit}): {reason}",
                ky: "`{stage}` этабы бюллетендерди эсептей албайт ({unit}): {reason}")
        }
        Refusal::TooLarge { what, unit } => {
            let what = what.say(language);
            said!(language,
                ru: "`{what}` ({unit}): слишком большое число голосов",
                ky: "`{what}` ({unit}): добуш саны өтө чоң")
        }
        _ => return None,
    })
}

fn all_lists(language: Language) -> &'static str {
    match language {
        Language::English => "all lists",
        Language::Russian => "все списки",
        Language::Kyrgyz => "бардык тизмелер",
    }
}

/// Where the rules or the lots do not say how to go on. New kinds of refusal come here last, so that
/// one without a sentence does not compile.
fn computation(language: Language, refusal: &Refusal) -> String {
    let number = |number: u64| phrase::number(language, u128::from(number));
    let seats_of = |seats: u64| counted::seats(language, seats);
    match refusal {
        Refusal::NobodyAdmitted { stage } => said!(language,
            ru: "на этапе `{stage}` не прошёл ни один список, а [validity] не говорит, что тогда",
            ky: "`{stage}` этабында бир да тизме өткөн жок, [validity] андан ары эмне болорун айтпайт"),
        Refusal::NoVacancyRule => said!(language,
            ru: "в правилах нет [vacancy]: не сказано, кто займёт мандат",
            ky: "эрежелерде [vacancy] жок: мандатты ким алары айтылган эмес"),
        Refusal::NotSeated { candidate, reason } => {
            let reason = reason.say(language);
            said!(language,
                ru: "`{candidate}` не может освободить мандат: {reason}",
                ky: "`{candidate}` мандатты бошото албайт: {reason}")
        }
        Refusal::NoVotes { stage } => said!(language,
            ru: "на этапе `{stage}` есть мандаты, но ни у одного участника нет голосов",
            ky: "`{stage}` этабында мандат бар, бирок катышуучулардын биринде да добуш жок"),
        Refusal::OverAllocated { stage, given, seats } => {
            let (given, seats) = (seats_of(*given), number(*seats));
            said!(language,
                ru: "квота этапа `{stage}` даёт {given} вместо {seats}, а правила не говорят, у кого снять лишнее",
                ky: "`{stage}` этабынын квотасы {seats} ордуна {given} берет, эрежелер кимден алынарын айтпайт")
        }
        Refusal::RemaindersExhausted { stage, left, lists } => {
            let (left, lists) = (seats_of(*left), counted::lists(language, *lists));
            said!(language,
                ru: "этап `{stage}`: после целых квот осталось {left}, по одному могут взять лишь {lists}; \
                     правила не говорят, кому остальное",
                ky: "`{stage}` этабы: бүтүн квоталардан кийин {left} калды, бирден {lists} гана ала алат; \
                     калганы кимге экенин эрежелер айтпайт")
        }
        Refusal::MinimumAboveSeats { stage, needed, seats } => {
            let (needed, seats) = (seats_of(*needed), number(*seats));
            said!(language,
                ru: "минимум этапа `{stage}` требует {needed}, а есть только {seats}",
                ky: "`{stage}` этабынын минимуму {needed} талап кылат, бар болгону {seats}")
        }
        Refusal::DivisorsExhausted { stage, length } => {
            let length = seats_of(*length);
            said!(language,
                ru: "делители этапа `{stage}` заканчиваются: у одного списка уже {length}",
                ky: "`{stage}` этабынын бөлүүчүлөрү бүттү: бир тизмеде буга чейин {length}")
        }
        Refusal::AdmittedElsewhere { stage, admit, level } => said!(language,
            ru: "этап `{stage}` спрашивает, кто допущен на этапе `{admit}` по территориям уровня `{level}`, \
                 но сам по ним не работает",
            ky: "`{stage}` этабы `{admit}` этабында `{level}` деңгээли боюнча ким киргизилгенин сурайт, \
                 бирок өзү алар боюнча иштебейт"),
        Refusal::SeatsNotByUnit { stage, of, level } => said!(language,
            ru: "этапу `{stage}` нужны мандаты этапа `{of}` по территориям уровня `{level}`, а тот их так не даёт",
            ky: "`{stage}` этабына `{of}` этабынын мандаттары `{level}` деңгээли боюнча керек, ал андай бербейт"),
        Refusal::Uncomputable { stage, list, reason } => {
            let reason = reason.say(language);
            said!(language,
                ru: "этап `{stage}` не имеет значения для списка `{list}`: {reason}",
                ky: "`{stage}` этабынын `{list}` тизмеси үчүн мааниси жок: {reason}")
        }
        Refusal::PlacedBelowHeld { stage, list, held, seats } => {
            let (held, seats) = (number(*held), number(*seats));
            said!(language,
                ru: "этап `{stage}` не может закрепить мандаты `{list}`: их {seats}, а закреплено уже {held}",
                ky: "`{stage}` этабы `{list}` мандаттарын жайгаштыра албайт: алар {seats}, жайгашканы {held}")
        }
        Refusal::NoBiproportionalSeats { stage, units, lists } => said!(language,
            ru: "этап `{stage}`: в {units} голоса есть только у [{lists}], а мандатов там больше, чем у этих \
                 списков; распределения с обоими итогами нет",
            ky: "`{stage}` этабы: {units} аймактарында [{lists}] гана добуш алган, ал эми ал жердеги мандаттар \
                 алардыкынан көп; эки жыйынтыкка тең туура келген бөлүштүрүү жок"),
        Refusal::TooManySeats { stage, seats, most } => {
            let (seats, most) = (seats_of(*seats), number(*most));
            said!(language,
                ru: "этап `{stage}` дал бы {seats}; наибольшее допустимое число: {most}",
                ky: "`{stage}` этабы {seats} бермек; эң көп дегени: {most}")
        }
        Refusal::NotYetComputable { stage, what } => {
            let what = what.say(language);
            said!(language,
                ru: "этап `{stage}` требует того, что эта версия ещё не вычисляет: {what}",
                ky: "`{stage}` этабына бул версия азырынча эсептебеген нерсе керек: {what}")
        }
        Refusal::ForeignLot { stage, reason } => {
            let reason = reason.say(language);
            said!(language,
                ru: "жребий на этапе `{stage}` невозможен: {reason}",
                ky: "`{stage}` этабындагы чүчүкулак мүмкүн эмес: {reason}")
        }
        Refusal::SuperfluousLot { stage, between } => said!(language,
            ru: "жребий на этапе `{stage}` между {between} ничего не решает; уберите его",
            ky: "`{stage}` этабындагы чүчүкулак ({between}) эч нерсени чечпейт; аны алып салыңыз"),
        // Said above.
        Refusal::TallyUnreadable { .. }
        | Refusal::DuplicateList { .. }
        | Refusal::DuplicateCandidate { .. }
        | Refusal::DuplicateUnit { .. }
        | Refusal::DuplicateTotal { .. }
        | Refusal::UnknownList { .. }
        | Refusal::UnknownUnit { .. }
        | Refusal::UnknownLevel { .. }
        | Refusal::UnknownContest { .. }
        | Refusal::TwoNationalUnits { .. }
        | Refusal::NoTotals { .. }
        | Refusal::UnitMissing { .. }
        | Refusal::UnitsMissing { .. }
        | Refusal::NoUnitTotals { .. }
        | Refusal::RegisterMissing { .. }
        | Refusal::NoUnits { .. }
        | Refusal::BadNominee { .. }
        | Refusal::UnitsDoNotSum { .. }
        | Refusal::BaseMissing { .. }
        | Refusal::PartAboveWhole { .. }
        | Refusal::AttributeNotANumber { .. }
        | Refusal::GroupOverlap { .. }
        | Refusal::CandidateVotesMissing { .. }
        | Refusal::Papers { .. }
        | Refusal::RankedCount { .. }
        | Refusal::TooLarge { .. } => refusal.to_string(),
    }
}
