# Русский.

language-name = Русский
number-group = { "\u00A0" }
number-decimal = ,
percent = { $n }{ "\u00A0" }%
date = { $day } { $month } { $year } г.
date-time = { $date }, { $time } UTC
month-1 = января
month-2 = февраля
month-3 = марта
month-4 = апреля
month-5 = мая
month-6 = июня
month-7 = июля
month-8 = августа
month-9 = сентября
month-10 = октября
month-11 = ноября
month-12 = декабря

# Вокруг каждой страницы
skip = К содержанию
languages = Языки
sections = Разделы
title-front = Итог
title-why = Почему так
title-places = Места
title-changes = Изменения
title-missing = Не поступило
title-controls = Контрольные соотношения
title-rulings = Решения
title-check = Проверка
title-data = Данные
title-print = Сводка для печати
title-widget-seats = Мандаты
title-widget-coverage = Охват
state-none = Пусто
state-preliminary = Предварительно
state-declared = Объявлено
state-annulled = Отменено
synthetic-label = Вымышленные данные.
synthetic = В самой записи сказано, что данные в ней вымышлены и никем не наблюдались.
basis = Страница основана на { $size ->
    [one] первом { $size } заявлении
   *[other] первых { $size } заявлениях
} записи.
basis-unchanged = Она пишется заново, только если её меняет более позднее заявление.
clock = Часы журнала:
checkpoint-root = Корень контрольной точки:
same-page-at = Эта страница при размере { $size }, навсегда
latest-page = Последняя версия этой страницы
earlier-by-command = Более ранние версии можно получить из записи командной строкой.
footer = Каждая цифра здесь вычислена только по открытой записи и арифметике закона. Пересчитать может любой.
