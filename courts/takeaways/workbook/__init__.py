"""The workbook of a month: every point as live formulas over the figures; knows no database.

`contents` is what goes in, `working` what each item comes to, `places` where cells stand,
`calculation` and `trial` the sheets that compute, `book` the whole file.
"""
