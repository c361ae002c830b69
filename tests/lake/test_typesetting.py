"""Chinese text put together from pieces is spaced as print is."""

from __future__ import annotations

import pytest

from linyin.lake.typesetting import join_chinese


@pytest.mark.parametrize(
    ("pieces", "set_as"),
    [
        (["", "林荫通信（示例）", " ", "2023", " 年"], "林荫通信（示例）2023 年"),
        (["", "英国", " 的平均值"], "英国的平均值"),
        (["", "陈磊 Chen Lei", "可以查看"], "陈磊 Chen Lei 可以查看"),
        (["第 ", "3", " 行"], "第 3 行"),
        (["", "A", " 2023 年"], "A 2023 年"),
        (["已对 ", "林荫（示例）", " 出具意见"], "已对林荫（示例）出具意见"),
        (["", "张 三", ""], "张 三"),
        (["值「", " abc", "」"], "值「 abc」"),
        (["用量： ", "5 kWh"], "用量：5 kWh"),
        (["", "2023", "年"], "2023年"),
    ],
)
def test_spaces_between_pieces(pieces, set_as):
    own = [(piece, number % 2 == 0) for number, piece in enumerate(pieces)]

    assert join_chinese(own) == set_as
