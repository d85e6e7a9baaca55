"""Questions and the measures they ask for; NON_EXAMPLES ask for none."""

from nlp.measures import Measure


def mean(measures: tuple[Measure, ...], *spellings: str) -> list[tuple[tuple[Measure, ...], str]]:
    return [(measures, spelling) for spelling in spellings]


EXAMPLES = [
    *mean(
        (Measure.TARGET,),
        "コピー用紙の目標",
        "目標値は?",
        "R6の目標数値",
        "来年度のターゲットを教えて",
        "もくひょう R5",
        "R6の目標いくつでしたっけ",
    ),
    *mean(
        (Measure.BASELINE,),
        "基準値は?",
        "基準いくつ",
        "現状値おしえて",
        "策定時の値",
        "計画当初はいくつ",
        "もともと何件",
        "ベースラインは",
        "計画を作る前の値は?",
        "もとの数字はいくつだったの",
    ),
    *mean(
        (Measure.ACTUAL,),
        "R5の実績",
        "実績値は?",
        "R5は何人でしたか",
        "昨年度は何件だった?",
        "R5は何%になりましたか。",
    ),
    *mean((Measure.BASELINE, Measure.TARGET), "基準値とR4の目標", "現状値と目標値をください"),
    *mean((Measure.TARGET, Measure.ACTUAL), "R5の目標と実績"),
]

NON_EXAMPLES = [
    "オンライン利用率 R6",
    "目標年度はいつ",
    "R6の当初予算",
    "実績報告書の様式",
    "労働基準法とは",
    "いくつでしたっけ",
    "何件だったっけ",
    "R5は何件の想定でしたか",
    "避難計画を作った人",
]
