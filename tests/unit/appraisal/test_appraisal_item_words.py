from pathlib import Path
from types import MappingProxyType

import pytest

from perf.appraisal.item_words import item_titles, with_item_titles
from perf.kernel.issues import Place
from perf.kernel.text import Text
from perf.specs.models import ItemList, ListItem


def listed(code: str, **titles: str) -> ItemList:
    items = {name: ListItem(name, Text(title, f"the {name}"), MappingProxyType({})) for name, title in titles.items()}
    return ItemList(code, Text(code), items, Place(str(Path("lists.yaml"))))


TITLES = item_titles(
    [listed("groups", BR23="脑缺血性疾患", shared="甲"), listed("services", shared="乙", record="建档")]
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("分组病例数·BR23 7 × 权重 0.8", "分组病例数·脑缺血性疾患 7 × 权重 0.8"),
        ("(完成项目数量·record 24909 × 建档·单价 20)", "(完成项目数量·建档 24909 × 建档·单价 20)"),
        ("分组病例数·ZZ99 7", "分组病例数·ZZ99 7"),
        ("数量·shared 7", "数量·shared 7"),
        ("阿卜杜热合曼·买买提 7", "阿卜杜热合曼·买买提 7"),
    ],
)
def test_an_item_is_called_by_its_title_where_all_lists_agree_on_it(text, told):
    assert with_item_titles(Text(text), TITLES).zh == told


def test_english_has_its_own_titles():
    told = with_item_titles(Text("数量·BR23 7", "Cases of a DRG · BR23 7"), TITLES)
    assert told.in_lang("en") == "Cases of a DRG · the BR23 7"
