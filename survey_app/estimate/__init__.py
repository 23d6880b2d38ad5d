"""Estimates from any survey file: CSV, Excel, Parquet, SPSS or Stata."""
