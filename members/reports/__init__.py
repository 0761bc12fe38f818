"""Yearly duty reports 年度履职报告: asked for, drafted, handed in."""
