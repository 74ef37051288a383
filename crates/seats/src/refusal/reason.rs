//! Why something in a tally, a lot or a vacancy cannot be: the second half of a refusal's sentence.

use crate::ranked::{BallotsError, RankedRefusal};
use crate::words::Language;
use crate::words::say::{Named, Say, reasons};

reasons! {
    /// What is wrong, and often what to do.
    #[non_exhaustive]
    Reason {
        /// A text that ends too early: line and column.
        Ends(line: usize, column: usize) {
            en: "line {line}, column {column}: the text ends before it is complete; was the file copied whole?",
            ru: "строка {line}, столбец {column}: текст обрывается; целиком ли скопирован файл?",
            ky: "{line}-сап, {column}-мамыча: текст үзүлүп калган; файл толук көчүрүлгөнбү?",
        }
        /// A text that is not JSON: line, column, and the reader's own words, which are English.
        NotJson(line: usize, column: usize, text: String) {
            en: "line {line}, column {column}: this is not JSON (\"{text}\")",
            ru: "строка {line}, столбец {column}: это не JSON (сообщение читающей библиотеки: \"{text}\")",
            ky: "{line}-сап, {column}-мамыча: бул JSON эмес (окуучу китепкананын билдирүүсү: \"{text}\")",
        }
        /// A key that is not known: line, column, the key, and those that are.
        UnknownKey(line: usize, column: usize, key: String, known: String) {
            en: "line {line}, column {column}: the key `{key}` is not known here; known are {known}",
            ru: "строка {line}, столбец {column}: ключ `{key}` здесь неизвестен; известны {known}",
            ky: "{line}-сап, {column}-мамыча: бул жерде `{key}` ачкычы белгисиз; белгилүүлөрү: {known}",
        }
        /// A key that is missing: line, column, the key.
        MissingKey(line: usize, column: usize, key: String) {
            en: "line {line}, column {column}: the key `{key}` is missing in what ends here",
            ru: "строка {line}, столбец {column}: в записи, которая здесь кончается, нет ключа `{key}`",
            ky: "{line}-сап, {column}-мамыча: ушул жерде бүткөн жазууда `{key}` ачкычы жок",
        }
        /// A value that cannot stand there: line, column, and the reader's own words, which are English.
        DoesNotFit(line: usize, column: usize, text: String) {
            en: "line {line}, column {column}: {text}",
            ru: "строка {line}, столбец {column}: такого значения здесь быть не может (сообщение читающей библиотеки: \"{text}\")",
            ky: "{line}-сап, {column}-мамыча: бул жерде мындай маани болушу мүмкүн эмес (окуучу китепкананын билдирүүсү: \"{text}\")",
        }
        /// A text of another schema.
        OtherSchema(found: String, asked: String) {
            en: "its schema is `{found}`, not `{asked}`",
            ru: "его схема `{found}`, а не `{asked}`",
            ky: "анын схемасы `{found}`, `{asked}` эмес",
        }
        /// A nominee in a contest of lists.
        ContestOfLists {
            en: "their contest is one of lists; name them among the candidates of their list",
            ru: "это голосование по спискам; назовите кандидата среди кандидатов его списка",
            ky: "бул тизмелер боюнча добуш берүү; талапкерди өз тизмесинин талапкерлеринин арасында атаңыз",
        }
        /// A nominee of a list that the tally does not have.
        ListUnknown {
            en: "their list is not among the tally's lists; add it, or leave `list` out",
            ru: "такого списка в данных нет; добавьте его или уберите `list`",
            ky: "анын тизмеси маалыматта жок; аны кошуңуз же `list` дегенди алып салыңыз",
        }
        /// A nominee who stands twice.
        StandsTwice {
            en: "they stand twice in the same contest; give each person an id of their own",
            ru: "участвует в одном голосовании дважды; дайте каждому свой id",
            ky: "бир эле добуш берүүдө эки жолу катышат; ар кимге өз id бериңиз",
        }
        /// Votes in a second round for one who may not stand in it.
        NotInSecondRound(between: Named) {
            en: "they have votes in the second round, which is between {between}",
            ru: "есть голоса во втором туре, а в нём участвуют только {between}",
            ky: "экинчи турда добуш бар, бирок ага {between} гана катышат",
        }
        /// Papers of a contest of another kind.
        NotRanked {
            en: "the contest is not one of ranked ballots",
            ru: "в этом голосовании бюллетени не с порядком предпочтений",
            ky: "бул добуш берүүдө бюллетендер артыкчылык ирети менен эмес",
        }
        /// Two sets of papers of one unit.
        PapersTwice {
            en: "they stand twice in the tally; give each unit one entry",
            ru: "они указаны дважды; оставьте для каждой территории одну запись",
            ky: "алар эки жолу көрсөтүлгөн; ар бир аймакка бир жазуу калтырыңыз",
        }
        /// No papers.
        NoPapers {
            en: "there are none in the tally",
            ru: "в данных их нет",
            ky: "маалыматта алар жок",
        }
        /// Papers that cannot be read.
        Papers(error: BallotsError) {
            en: "{error}",
            ru: "{error}",
            ky: "{error}",
        }
        /// A count that cannot be made.
        Count(refusal: RankedRefusal) {
            en: "{refusal}",
            ru: "{refusal}",
            ky: "{refusal}",
        }
        /// A second tie between the same candidates.
        TiedAgain(between: Named) {
            en: "{between} are tied a second time, which one lot for each tie cannot settle",
            ru: "{between} равны во второй раз, а один жребий на каждое равенство этого не решит",
            ky: "{between} экинчи жолу тең, ал эми ар бир теңдикке бир чүчүкулак муну чече албайт",
        }
        /// A lot that draws too many or too few.
        DrawsOthers(drawn: usize, seats: u64) {
            en: "it draws {drawn} of them for {seats} seats",
            ru: "вытянуто {drawn}, а мандатов {seats}",
            ky: "{drawn} тартылган, ал эми мандаттар {seats}",
        }
        /// A lot for a stage that is not there.
        NoSuchStage {
            en: "the rulebook has no such stage",
            ru: "в правилах нет такого этапа",
            ky: "эрежелерде мындай этап жок",
        }
        /// A lot where the rulebook wants none.
        NoLotThere {
            en: "the rulebook does not let a lot decide there",
            ru: "правила не дают жребию решать на этом этапе",
            ky: "эрежелер ал жерде чүчүкулакка чечүүгө жол бербейт",
        }
        /// A lot between ids of which one is unknown.
        UnknownId(id: String) {
            en: "`{id}` is no list, unit or candidate of the tally",
            ru: "`{id}` не список, не территория и не кандидат из данных",
            ky: "`{id}` маалыматтагы тизме да, аймак да, талапкер да эмес",
        }
        /// A lot that draws nobody, everybody, or someone twice.
        DrawSome {
            en: "it must draw some of those between, each once",
            ru: "жребий вытягивает некоторых из названных, каждого один раз",
            ky: "чүчүкулак аталгандардын айрымдарын, ар бирин бир жолу тартат",
        }
        /// A lot that draws one who is not among those tied.
        DrawnElsewhere(id: String) {
            en: "`{id}` is drawn but is not among those between",
            ru: "`{id}` вытянут, но не назван среди тех, между кем жребий",
            ky: "`{id}` тартылган, бирок чүчүкулак алардын арасында эмес",
        }
        /// Two lots for one tie.
        TwoLots {
            en: "there are two lots for the same tie",
            ru: "для одного равенства указаны два жребия",
            ky: "бир теңдикке эки чүчүкулак көрсөтүлгөн",
        }
        /// Nobody of this id sits.
        NobodySeated {
            en: "nobody of this id has a seat",
            ru: "ни у кого с таким id нет мандата",
            ky: "мындай id менен эч кимде мандат жок",
        }
        /// An id that stands for several seats.
        SeveralSeats {
            en: "the id stands for more than one seat",
            ru: "этот id стоит за несколькими мандатами",
            ky: "бул id бир нече мандатты билдирет",
        }
        /// An id that the tally does not have.
        NotInTally {
            en: "the tally does not know this id",
            ru: "этого id нет в данных",
            ky: "бул id маалыматта жок",
        }
        /// A base that the rulebook does not declare.
        Declaration {
            en: "its declaration", ru: "её объявления", ky: "анын жарыясы",
        }
        /// A line of the form.
        Line(line: String) {
            en: "the line `{line}`", ru: "строки `{line}`", ky: "`{line}` сабы",
        }
        /// Votes against all.
        AgainstAll {
            en: "the votes against all", ru: "голосов против всех", ky: "баарына каршы добуштар",
        }
        /// Another contest.
        Contest(contest: String) {
            en: "the contest `{contest}`", ru: "голосования `{contest}`", ky: "`{contest}` добуш берүүсү",
        }
        /// A figure that is zero.
        AboveZero {
            en: "a value above zero", ru: "значения больше нуля", ky: "нөлдөн чоң маани",
        }
        /// An order of seats where there are no quotients.
        NoDivisorOrder(stage: String) {
            en: "the order of seats in stage `{stage}`, which is no divisor rule",
            ru: "порядок мандатов этапа `{stage}`, где нет правила делителей",
            ky: "бөлүүчүлөр эрежеси жок `{stage}` этабындагы мандаттардын ирети",
        }
        /// A stage that says how many seats of each list.
        MinimumStage(stage: String) {
            en: "a stage `{stage}` of kind `minimum` that says how many seats of each list",
            ru: "этап `{stage}` вида `minimum`, который говорит, сколько мандатов у каждого списка",
            ky: "ар бир тизмеде канча мандат экенин айткан `minimum` түрүндөгү `{stage}` этабы",
        }
        /// A difference below zero.
        BelowZero {
            en: "a difference falls below zero",
            ru: "разность меньше нуля",
            ky: "айырма нөлдөн аз",
        }
        /// A division by zero.
        DivisionByZero {
            en: "it divides by zero",
            ru: "деление на ноль",
            ky: "нөлгө бөлүү",
        }
        /// A figure that does not fit.
        FigureTooLarge {
            en: "a figure is too large",
            ru: "слишком большое число",
            ky: "сан өтө чоң",
        }
        /// A fraction where a whole number is needed.
        NotWhole {
            en: "it is no whole number; round it with ceil or floor",
            ru: "получается не целое число; округлите его через ceil или floor",
            ky: "бүтүн сан эмес; аны ceil же floor менен тегеректеңиз",
        }
    }
}

impl Say for BallotsError {
    fn said(&self, language: Language) -> String {
        self.say(language)
    }
}
