"""Divisions are looked up on a day, in the reader's language, and ended codes lead to their successors."""

from datetime import date

import pytest
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils import translation

from dashebao.kernel.registry.api import (
    NoSuchRegion,
    Region,
    city_of,
    current_codes,
    home_province,
    load_regions,
    region,
    region_name,
    region_path,
    regions,
    scope_prefix,
)
from dashebao.kernel.registry.regions import forget_regions

pytestmark = pytest.mark.django_db


def test_every_city_of_the_province_is_there_in_both_languages():
    cities = regions("city", "440000")
    assert len(cities) == 21
    assert all(city.name and city.name_en and city.parent_code == "440000" for city in cities)


def test_the_own_province_is_the_one_whose_cities_are_on_record():
    assert (home_province().code, home_province().scope) == ("440000", "44")
    inside = Region.objects.filter(code__startswith="44").exclude(level="province")
    inside.update(code=Concat(Value("43"), Substr("code", 3)), parent_code="430000")
    forget_regions()
    try:
        assert home_province().name == "湖南省"
    finally:
        forget_regions()


def test_names_follow_the_readers_language():
    with translation.override("zh-hans"):
        assert region_name("440106") == "天河区"
        assert region_path("440106") == "广东省广州市天河区"
    assert region_name("440106") == "Tianhe District"
    assert region_path("440106") == "Tianhe District, Guangzhou, Guangdong"


def test_an_unknown_code_is_refused_but_named_by_itself():
    with pytest.raises(NoSuchRegion, match="449999"):
        region("449999")
    assert region_name("449999") == "449999"


def test_an_ended_code_has_its_successor_from_that_day_on():
    assert region("440923", date(2010, 1, 1)).holds(date(2010, 1, 1))
    assert current_codes("440923", date(2010, 1, 1)) == ["440923"]
    assert current_codes("440923", date(2026, 1, 1)) == ["440904"]
    assert "440923" not in [view.code for view in regions("county", "440900", date(2026, 1, 1))]
    assert "440904" not in [view.code for view in regions("county", "440900", date(2010, 1, 1))]


def test_every_county_lies_in_a_city_and_every_successor_exists():
    for view in (view for level in ("county", "city") for view in regions(level, on=date(2000, 1, 1))):
        assert region(view.parent_code)
        assert [region(code) for code in view.successors] or not view.successors


def test_prefixes_and_cities_of_codes():
    assert [scope_prefix(code) for code in ("440000", "440100", "440106", "")] == ["44", "4401", "440106", ""]
    assert [city_of(code) for code in ("440106", "440100", "440000")] == ["440100", "440100", "440000"]


def test_loading_again_changes_nothing():
    before = Region.objects.count()
    assert load_regions() == 0
    assert Region.objects.count() == before
