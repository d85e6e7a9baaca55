"""How to ask, by examples from the store itself."""

from bot.answer import Answer, Kind, Text
from bot.answers import wording
from bot.answers.context import Context


def answer(context: Context) -> Answer:
    catalogue = context.knowledge.catalogue
    year = catalogue.plans[-1].last_year.label if catalogue.plans else "R7"
    plans = "、".join(f"「{plan.title}」" for plan in catalogue.plans)
    examples = wording.examples(context)
    of_many = (f"{year}の目標がない指標は?", "%の指標は何件?", "伸び率の高い順に3つ")
    lines = (
        f"計画: {plans}（指標{len(catalogue.indicators)}）" if plans else "計画がまだ登録されていません。",
        f"聞き方の例: {wording.quoted(examples)}",
        "年度は R6、令和6年度、2024年度、今年度、R4〜R7 など、どの書き方でも読みます。",
        "年度がなければ、全部の年度をお答えします。",
        f"一覧・条件・順位・件数: {wording.quoted(of_many)}",
        "指標の名前に続けて: 「何ポイント増える?」「何倍?」「増やす計画?」「単位は?」「どの分野?」",
    )
    return Answer(
        Kind.HELP,
        Text("指標の名前と年度を入れると、計画の目標値・基準値・実績値をお答えします。", lines=lines),
        examples=(*examples, *of_many) if examples else (),
    )
