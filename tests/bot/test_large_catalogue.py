"""Plans of some thousand indicators beside the shipped one: names are found as well, and nothing else is answered."""

import json
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

import pytest

from bot.answer import Kind, name_of
from bot.ask import Ask, open_door
from bot.channels.terminal import answer_lines
from bot.question import Question
from bot.turn import keeping
from data.aliases import add_alias
from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import ensure_schema, open_engine, writing
from data.importers.long_form import read_long_form
from data.importers.writer import Details, store_plan
from data.shipped import load_shipped_plans
from data.store import Store
from nlp.texts import take_apart
from tests.bench import catalogue

TODAY = date(2024, 11, 20)
AUTHOR = Author("test", datetime.now(UTC))

TOPICS = (
    "避難所の運営訓練",
    "海岸漂着物の回収",
    "学校図書館の司書",
    "在宅医療の連携拠点",
    "空き店舗の再生",
    "地域公共交通の会議",
    "外来種の防除",
    "水道管の耐震化",
    "若年性認知症の相談",
    "棚田の保全",
    "小水力発電の設備",
    "こども食堂の運営",
    "森林境界の測量",
    "伝統工芸の後継者",
    "自転車道の整備",
    "救急搬送の受入れ",
    "多文化共生の窓口",
    "農業用ため池の点検",
    "下水汚泥の資源化",
    "不登校児童の支援",
    "港湾の荷役機械",
    "消防団の装備",
    "遺伝資源の保存",
    "電子図書の貸出し",
    "ひきこもりの相談",
)
DEEDS = ("に参加した", "を実施した", "を支援した", "の手引きを配布した", "を検証した", "に協力した")
THINGS = ("市町村の数", "団体の割合", "延べ人数", "事業者の数", "施設の割合", "延べ日数", "学校の数", "職員の数")
PROJECTS = {
    "県土整備白書": ("河川の管理", "道路の維持", "住まいの支援", "港の運営"),
    "保健福祉白書": ("地域医療の確保", "子育ての応援", "介護の充実"),
}
SHARED = "説明会を開いた回数"


def _names() -> list[str]:
    names = [f"{topic}{deed}{thing}" for topic, deed, thing in product(TOPICS, DEEDS, THINGS)]
    random.Random(catalogue.SEED).shuffle(names)
    return names


NAMES = _names()
STORED, ABSENT = NAMES[:900], NAMES[900:]


def _lines() -> Iterator[str]:
    yield "plan\tfield\tindicator\tkind\tperiod\tvalue\tunit"
    projects = [(plan, project) for plan, own in PROJECTS.items() for project in own]
    for number, name in enumerate(STORED):
        plan, project = projects[number % len(projects)]
        for year in (2022, 2023):
            yield f"{plan}\t{project}\t{name}\ttarget\t{year}\t{number + year - 2022}\t"
    for number, (plan, project) in enumerate(projects):
        yield f"{plan}\t{project}\t{SHARED}\ttarget\t2022\t{number}\t回"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('large') / 'shirube.db'}")
    ensure_schema(engine)
    load_shipped_plans(engine, DEFAULT_ORGANISATION, AUTHOR)
    with writing(engine) as connection:
        for table in read_long_form("\n".join(_lines())):
            store_plan(connection, DEFAULT_ORGANISATION, table, Details(), AUTHOR)
    return Store(engine)


@pytest.fixture(scope="module")
def ask(store: Store) -> Ask:
    return open_door(store)


def _share_right(ask: Ask, asked: Sequence[catalogue.Asked]) -> float:
    right = [catalogue.is_right(ask(Question(one.text, TODAY)), one.name) for one in asked]
    return sum(right) / len(right)


def test_exact_names_give_the_cell_that_was_asked_for(ask: Ask) -> None:
    for number, name in enumerate(STORED):
        answer = ask(Question(f"{name}のR5の目標は?", TODAY))
        assert [(fact.indicator.name, fact.cell.raw) for fact in answer.facts] == [(name, str(number + 1))], name


@pytest.mark.parametrize("kind", ["誤り2つ", "助詞なし", "年度と敬語"])
def test_names_are_found_however_they_are_asked(ask: Ask, kind: str) -> None:
    asked = [one for one in catalogue.questions(STORED, 300) if one.kind == kind]
    assert _share_right(ask, asked) >= 0.97


def test_a_name_that_is_merely_alike_is_asked_back_about_and_never_answered(ask: Ask) -> None:
    for name in ABSENT:
        assert ask(Question(name, TODAY)).kind in (Kind.CHOOSE, Kind.NOT_UNDERSTOOD), name


def test_one_that_may_be_meant_is_offered_by_itself(ask: Ask) -> None:
    answer = ask(Question("コピー用紙購買量の目標", TODAY))
    assert [name_of(choice) for choice in answer.choices][:1] == ["コピー用紙購入量（本庁（知事部局））"]
    assert "ですか。" in answer.text.statement


def test_the_one_that_is_offered_is_taken_by_a_yes(store: Store) -> None:
    ask = keeping(open_door(store), store, log=False)
    asked = Question("コピー用紙購買量 R6", TODAY, thread="yes")
    assert len(ask(asked).choices) == 1
    answer = ask(replace(asked, text="はい"))
    assert [(fact.indicator.name, fact.cell.raw) for fact in answer.facts] == [
        ("コピー用紙購入量（本庁（知事部局））", "20万枚")
    ]


def test_a_name_of_several_projects_brings_up_the_projects(ask: Ask) -> None:
    for question in (SHARED, f"{SHARED}のR4の目標は?"):
        answer = ask(Question(question, TODAY))
        assert answer.kind is Kind.CHOOSE
        assert {name_of(choice) for choice in answer.choices} == {SHARED}
        assert catalogue.names_projects(answer, SHARED)
    assert "当てはまるものが7件" in answer.text.statement
    one = ask(Question(f"子育ての応援の{SHARED} R4", TODAY))
    assert [fact.cell.raw for fact in one.facts] == ["5"]


def test_a_list_has_all_of_a_topic_and_none_beside(ask: Ask) -> None:
    own = [name for name in STORED if name.startswith("棚田の保全")]
    answer = ask(Question("棚田の保全の指標一覧", TODAY))
    assert sorted(name_of(indicator) for indicator in answer.indicators) == sorted(own)
    assert ask(Question("棚田の保全に関する指標は何件?", TODAY)).count == len(own)


def test_a_plan_that_is_named_limits_a_list(ask: Ask, store: Store) -> None:
    indicators = store.catalogue(DEFAULT_ORGANISATION).indicators
    own = [indicator for indicator in indicators if indicator.plan.title == "保健福祉白書"]
    assert ask(Question("保健福祉白書の指標は何件?", TODAY)).count == len(own)
    limited = ask(Question("保健福祉白書でR4の目標が890以上の指標は?", TODAY))
    numbers = [number for number in range(890, 900) if number % 7 >= 4]
    assert [name_of(one) for one in limited.indicators] == [STORED[number] for number in numbers]


def test_the_plan_that_is_meant_by_default_answers_as_it_does_alone(store: Store, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'alone.db'}")
    ensure_schema(engine)
    load_shipped_plans(engine, DEFAULT_ORGANISATION, AUTHOR)
    ask, alone = open_door(store), open_door(Store(engine))
    (plan,) = Store(engine).plan_titles(DEFAULT_ORGANISATION)
    for indicator in Store(engine).catalogue(DEFAULT_ORGANISATION).indicators:
        for name in (indicator.name, *indicator.aliases):
            question = Question(f"{name} R6の目標", TODAY)
            expected, answer = alone(question), ask(Question(question.text, TODAY, plan=plan))
            assert answer.text == expected.text, name
            assert [fact.cell for fact in answer.facts] == [fact.cell for fact in expected.facts]


def test_a_request_may_name_the_plan_that_is_meant(store: Store) -> None:
    ask, (plan, *_) = open_door(store), store.plan_titles(DEFAULT_ORGANISATION)
    lines = [json.dumps({"question": "オープンデータの閲覧件数 R6", "plan": own}) for own in ("", plan)]
    kinds = [json.loads(line)["kind"] for line in answer_lines(ask, lines, Question("", TODAY))]
    assert kinds == ["choose", "answer"]


def test_beyond_the_default_plan_only_what_is_named_is_answered(store: Store) -> None:
    ask = open_door(store)
    plan, other, _ = store.plan_titles(DEFAULT_ORGANISATION)
    assert ask(Question(f"{STORED[0]} R4", TODAY, plan=plan)).facts
    assert ask(Question(ABSENT[0], TODAY, plan=plan)).kind is Kind.NOT_UNDERSTOOD
    assert ask(Question(f"{other}の指標は何件?", TODAY, plan=plan)).count == 516 + 4


def test_a_change_is_seen_by_all_who_ask_meanwhile(store: Store) -> None:
    ask = open_door(store)
    question = Question("たなまもり R5", TODAY)
    assert ask(question).kind is not Kind.ANSWER

    def asked() -> list[Kind]:
        return [ask(question).kind for _ in range(40)]

    with ThreadPoolExecutor(4) as threads:
        running = [threads.submit(asked) for _ in range(4)]
        with writing(store.engine) as connection:
            add_alias(connection, DEFAULT_ORGANISATION, "たなまもり", STORED[0], AUTHOR)
        kinds = [one.result() for one in running]
    assert ask(question).kind is Kind.ANSWER
    for own in kinds:
        first = own.index(Kind.ANSWER) if Kind.ANSWER in own else len(own)
        assert set(own[first:]) <= {Kind.ANSWER}, "once seen, a change stays seen"


def test_texts_that_are_known_are_not_read_again() -> None:
    known = take_apart(["棚田の保全"], {})
    again = take_apart(["棚田の保全", "森林境界の測量"], known)
    assert again["棚田の保全"] is known["棚田の保全"]
