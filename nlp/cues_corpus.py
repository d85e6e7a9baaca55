"""Messages and what in them asks for many indicators, as the fields of Cues that are set. NON_EXAMPLES ask for none."""

from collections.abc import Mapping

from nlp.cues import Containing, Form, Thing, Where

Fields = Mapping[str, object]


def mean(fields: Fields, *spellings: str) -> list[tuple[Fields, str]]:
    return [(fields, spelling) for spelling in spellings]


EXAMPLES = [
    *mean(
        {"form": Form.LIST, "has_noun": True, "strong": True},
        "KPIの一覧",
        "指標を全部",
        "どの指標で見ていますか",
        "指標は何がある?",
        "KPIを列挙して",
    ),
    *mean({"form": Form.LIST, "has_noun": True, "strong": False}, "産業振興の指標", "産業振興のKPIは?"),
    *mean(
        {"form": Form.COUNT, "thing": Thing.INDICATOR},
        "KPIは全部でいくつありますか",
        "指標は何件?",
        "指標数は",
        "何指標ありますか",
    ),
    *mean({"form": Form.COUNT, "thing": Thing.ROW}, "表の行数だと何行?", "KPIは何行ありますか"),
    *mean({"thing": Thing.INITIATIVE}, "取組項目の一覧", "項目をリストアップして"),
    *mean({"thing": Thing.AREA, "form": Form.COUNT}, "分野はいくつありますか", "何分野ありますか"),
    *mean({"thing": Thing.AREA, "form": Form.LIST}, "分野の一覧", "どんな分野がありますか"),
    *mean(
        {"containing": (Containing("累計", Where.NAME),)},
        "指標名に「累計」という言葉が入っている指標",
        "名前に累計と入っている指標",
    ),
    *mean({"containing": (Containing("アプリ", Where.INITIATIVE),)}, "項目名に「アプリ」と入っている取組の指標"),
    *mean(
        {"containing": (Containing("ロボット", Where.EITHER),)}, "「ロボット」という言葉が指標名か項目名に出てくる指標"
    ),
    *mean({"unit": "%"}, "%の指標", "パーセントの指標は?", "単位が%の指標", "%で測っている指標"),
    *mean({"unit": "件"}, "単位が「件」の指標"),
    *mean({"without_unit": "%"}, "%以外の指標", "指標の一覧(%は除く)"),
    *mean({"number": "計画"}, "項目番号が「計画」の指標", "番号のところが計画になっている指標"),
    *mean({"listed_twice": True}, "再掲されている指標", "複数の項目に載っている指標", "再掲の指標は?"),
    *mean({"listed_twice": False, "form": Form.COUNT}, "指標は何件?再掲は1件と数えて", "指標は何件?重複なしで"),
    *mean(
        {"without_indicator": True, "thing": Thing.INITIATIVE},
        "KPIがない取組項目",
        "指標のない取組は?",
        "取組項目のうちKPIがないもの",
    ),
    *mean(
        {"owner": "情報政策課"},
        "担当課が情報政策課の指標",
        "情報政策課が担当している指標は?",
        "所管が「情報政策課」のKPIを全部",
    ),
    *mean({"exactly": True}, "目標が100%の指標(ほぼは除く)", "「ほぼ」は抜きで指標を全部"),
    *mean({"counts": True, "has_noun": True}, "指標の数を分野別に", "分野別に何件?"),
    *mean({"unit": "", "any_unit": True}, "目標の大きい指標トップ2、単位は気にしなくていいです"),
]
NON_EXAMPLES = [
    "コピー用紙のR6の目標は?",
    "伝承館の来館者数",
    "どれくらい増えますか",
    "全部の年度",
    "ものづくり企業の数",
]
