"""What can be wrong with a file, in words: what was found and what to do about it, in Chinese and English.

The rules this module keeps:

1. Every code has four texts: what and remedy, in each language; a test compares the placeholders.
2. A text is addressed to the clerk who exported the file: it names the menu, not the parser.
3. A text never holds a value of a cell: values are masked in `problem` and stand apart.
"""

from typing import Final, Literal, NamedTuple, TypeAlias

Language: TypeAlias = Literal["zh", "en"]


class Message(NamedTuple):
    """One code's texts; `{name}` stands for an argument of the problem."""

    zh: str
    zh_remedy: str
    en: str
    en_remedy: str


_PASTE = ("把需要的表“选择性粘贴为数值”到新工作簿再导入", "paste the sheets as values into a new workbook")
_EXPORT_XLSX = (
    "用 Excel 或 WPS 打开，另存为 .xlsx（或 CSV UTF-8）",
    "open it and save it as .xlsx (or as CSV UTF-8)",
)
_AS_TEXT = ("把该列设为“文本”格式，重新填写或重新导出", "format the column as text, enter or export it again")
_CORRECT = ("请更正该单元格", "correct the cell")

# fmt: off
MESSAGES: Final[dict[str, Message]] = {
    # --- the case as a whole -------------------------------------------------------------------------
    "not_found": Message("找不到这个文件或文件夹", "请核对路径", "there is no such file or folder", "check the path"),
    "not_a_file": Message("不是普通文件（是链接、文件夹或设备）", "请放入真实的文件", "it is not a plain file (a link, a folder or a device)", "put the file itself there"),
    "not_readable": Message("无法读取：{reason}", "请检查权限或磁盘", "it cannot be read: {reason}", "check permissions and the disk"),
    "too_many_files": Message("文件夹里的文件超过 {limit} 个", "只放案例所需的文件", "the folder holds more than {limit} files", "keep only the files of the case"),
    "file_too_large": Message("文件超过 {limit} MiB", "请按时间拆分案例", "the file is larger than {limit} MiB", "split the case by time"),
    "unknown_file_kind": Message("不是 CSV 也不是 .xlsx 工作簿", _EXPORT_XLSX[0], "it is neither CSV nor an .xlsx workbook", _EXPORT_XLSX[1]),
    "file_not_read": Message("文件名不是任何一张表的名称，没有读取", "改名为表名（如 成交.csv），或先运行 mingshi map", "its name is no sheet's name; it was not read", "rename it (deals.csv), or run mingshi map on it"),
    "sheet_not_read": Message("工作表名不是任何一张表的名称，没有读取", "改名为表名（如 成交），或先运行 mingshi map", "its name is no sheet's name; it was not read", "rename it (deals), or run mingshi map on the file"),
    "sheet_missing": Message("缺少 {sheet}", "补上这张表；只有成交，以及报备或到访二者之一，是必需的", "{sheet} is missing", "add it; only deals, and one of registrations and arrivals, are needed"),
    "sheet_unwanted": Message("{sheet} 不是名单，没有读取任何内容", "名单文件里只放名单；发生过的事请用 mingshi import", "{sheet} is no list; nothing was read", "keep lists only in this file; what happened goes through mingshi import"),
    "needs_map": Message("单个 CSV 文件需要先有列对应关系", "先运行 mingshi map 这个文件", "a single CSV file needs a map of its columns", "run mingshi map on it first"),
    "no_season": Message("这不是 mingshi season 写出的文件夹", "请给出含有 events、truth 和 manifest.json 的文件夹", "this is no folder written by mingshi season", "name the folder that holds events, truth and manifest.json"),
    "out_exists": Message("目标已经存在，没有覆盖", "换一个名称，或先移走它", "the target exists; nothing was overwritten", "choose another name, or move it away"),
    "too_many_rows_for_workbook": Message("{rows} 行放不进一张工作表", "请改用文件夹", "{rows} rows do not fit a worksheet", "write a folder instead"),
    # --- case.toml, maps, policies -------------------------------------------------------------------
    "bad_toml": Message("TOML 写法有误：{reason}", "请按提示的行更正", "it is not valid TOML: {reason}", "correct the line named"),
    "wrong_type": Message("应为{wanted_zh}", "请参照 docs/formats/case.md", "it should be {wanted_en}", "see docs/formats/case.md"),
    "unknown_key": Message("不认识这个键，没有使用", "请核对拼写", "this key is not known; it was not used", "check its spelling"),
    "format_version": Message("格式版本 {version} 比本程序的 {known} 新，或写法有误", "请升级 mingshi，或写 format = {known}", "format version {version} is newer than this program's {known}, or is not one", "upgrade mingshi, or write format = {known}"),
    "info_twice": Message("案例说明写了两处", "只留一处：case.toml，或工作簿的 case 表", "the case is described in two places", "keep one: case.toml, or the worksheet case"),
    "no_basis": Message("有完整的客户号码，案例没有写明合法依据", "在 case.toml 写 basis；或用隐号、代号（mingshi convert --tokens）", "clients' numbers are unmasked and the case states no lawful basis", "write basis in case.toml; or use masked numbers or tokens (mingshi convert --tokens)"),
    "zone_not_fixed": Message("不是固定时差（有夏令时的时区不能用）", '请写固定时差，例如 zone = "+08:00"', "it is not a fixed offset from UTC (a zone with summer time cannot be used)", 'write a fixed offset, such as zone = "+08:00"'),
    "unsafe_path": Message("路径指到案例之外", "只能写 classic、open 或案例里的相对路径", "the path leads out of the case", "write classic, open or a relative path inside the case"),
    "map_unknown_sheet": Message("没有这张表：{name}", "表名见 docs/formats/case.md", "there is no sheet {name}", "sheet names are in docs/formats/case.md"),
    "map_unknown_column": Message("{sheet}没有这一列：{name}", "列名见 docs/formats/case.md", "{sheet} has no column {name}", "column names are in docs/formats/case.md"),
    "map_header_missing": Message("文件里没有这个表头：{name}", "文件变了，请重新运行 mingshi map", "the file has no header {name}", "the file has changed: run mingshi map again"),
    "map_trait": Message("这一列记录人的特征，不能对应", "从对应关系和文件里删除它", "this column records a trait of people and cannot be mapped", "delete it from the map and from the file"),
    "map_source_missing": Message("工作簿里没有这张工作表：{name}", "文件变了，请重新运行 mingshi map", "the workbook has no worksheet {name}", "the file has changed: run mingshi map again"),
    "policy_not_found": Message("没有这个判客规则", "可用 {known}，或规则文件的路径", "there is no such policy", "use one of {known}, or the path of a policy file"),
    "policy_key": Message("规则文件里不认识这个键", "只有 version、base 和 [parameters]", "the policy file has a key that is not known", "it has version, base and [parameters] only"),
    "policy_base": Message("规则的 base 或 [parameters] 有误", "base 只能是 {known}", "the policy's base or [parameters] is wrong", "base is one of {known}"),
    "policy_dates": Message("同一规则版本有不同的生效时间", "一个版本只有一个生效时间", "one version has different dates of effect", "give a version one date of effect"),
    "policy_unknown": Message("没有这个参数", "可用：{expected}", "there is no such parameter", "use one of: {expected}"),
    "policy_kind": Message("参数取值的写法有误", "应为：{expected}", "the value is not of the parameter's kind", "it should be: {expected}"),
    "policy_range": Message("参数超出允许范围", "应为：{expected}", "the value is out of range", "it should be: {expected}"),
    "policy_symmetry": Message("对双方条件不等", "应为：{expected}；如确需如此，写 asymmetric = true，每份判客结果都会注明", "the terms differ by side", "it should be {expected}; or say asymmetric = true, which every ruling then states"),
    "policy_same": Message("两份规则的参数完全相同", "换一份规则再比较", "the two policies have the same parameters", "compare with another policy"),
    "bad_period": Message("不是年月", "例如 2026-05", "it is not a month", "for example 2026-05"),
    "bad_rulings": Message("不是 mingshi 写出的 rulings.jsonl", "请核对路径", "it is not a rulings.jsonl that mingshi wrote", "check the path"),
    "not_writable": Message("无法写入：{reason}", "请检查权限和磁盘空间；没有写入任何文件", "it cannot be written: {reason}", "check permissions and disk space; nothing was written"),
    # --- text files ----------------------------------------------------------------------------------
    "encoding_unknown": Message("不是 UTF-8、GB18030 或 UTF-16 文字", "另存为“CSV UTF-8（逗号分隔）”", "it is not text in UTF-8, GB18030 or UTF-16", "save it as CSV UTF-8"),
    "encoding_ambiguous": Message("这些字节按 UTF-8 和 GB18030 都读得通，无法断定", "另存为“CSV UTF-8（逗号分隔）”", "its bytes are valid as UTF-8 and as GB18030, with different texts", "save it as CSV UTF-8 (with BOM)"),
    "nul_bytes": Message("含有空字节，不是文字文件", _EXPORT_XLSX[0], "it holds null bytes: it is not a text file", _EXPORT_XLSX[1]),
    "line_too_long": Message("有一行超过 {limit} 个字符", "这不是表格，请重新导出", "a line is longer than {limit} characters", "it is not a table: export it again"),
    "broken_quotes": Message("引号没有成对（{reason}）", "检查该行起的双引号，或重新导出", "quotation marks do not match ({reason})", "check the quotes from this row on, or export again"),
    "workbook_named_csv": Message("这是工作簿，却叫 .csv", "把扩展名改为 .xlsx，或另存为 CSV UTF-8", "it is a workbook with the name of a CSV file", "rename it to .xlsx, or save it as CSV UTF-8"),
    "too_many_rows": Message("超过 {limit} 行", "请按时间拆分案例", "more than {limit} rows", "split the case by time"),
    "too_many_columns": Message("超过 {limit} 列", "删去多余的列，或检查分隔符", "more than {limit} columns", "delete columns that are not needed, or check the delimiter"),
    # --- workbooks -----------------------------------------------------------------------------------
    "old_workbook": Message("旧格式 .xls / .et", _EXPORT_XLSX[0], "it is an old .xls or .et workbook", _EXPORT_XLSX[1]),
    "encrypted_workbook": Message("工作簿加了密码", "打开后取消密码，另存为 .xlsx", "the workbook is encrypted", "open it, remove the password, save it as .xlsx"),
    "binary_workbook": Message("二进制工作簿 .xlsb", _EXPORT_XLSX[0], "it is a binary .xlsb workbook", _EXPORT_XLSX[1]),
    "ods_workbook": Message("OpenDocument 表格 .ods", _EXPORT_XLSX[0], "it is an OpenDocument spreadsheet", _EXPORT_XLSX[1]),
    "disguised_table": Message("网页或 XML 表格，却叫 .xlsx", _EXPORT_XLSX[0], "it is a web page or XML table with the name of a workbook", _EXPORT_XLSX[1]),
    "not_a_workbook": Message("不是 .xlsx 工作簿", _EXPORT_XLSX[0], "it is not an .xlsx workbook", _EXPORT_XLSX[1]),
    "workbook_damaged": Message("工作簿不完整或被改动（{reason}）", "重新下载或重新导出", "the workbook is damaged or was tampered with ({reason})", "download or export it again"),
    "zip_bomb": Message("压缩内容大得反常（{reason}）", "重新导出；来历不明的文件不要打开", "its packed content is abnormally large ({reason})", "export it again; do not open files of unknown origin"),
    "part_path": Message("内部文件名不安全", _PASTE[0], "a part has an unsafe name", _PASTE[1]),
    "part_media": Message("含有图片或其他媒体：{part}", "删除图片后再存；本程序不收任何影像", "it holds a picture or other media: {part}", "delete the pictures and save again; no images are taken in"),
    "part_drawing": Message("含有图形或图表：{part}", _PASTE[0], "it holds a drawing or chart: {part}", _PASTE[1]),
    "part_object": Message("含有嵌入对象或控件：{part}", _PASTE[0], "it holds an embedded object or control: {part}", _PASTE[1]),
    "part_macro": Message("含有宏：{part}", "另存为不含宏的 .xlsx", "it holds macros: {part}", "save it as .xlsx without macros"),
    "part_external": Message("含有外部链接或数据连接：{part}", "“数据 → 编辑链接 → 断开链接”后再存，或" + _PASTE[0], "it holds external links or data connections: {part}", "break the links (Data, Edit Links) and save again, or " + _PASTE[1]),
    "part_pivot": Message("含有数据透视表（内藏整份数据）：{part}", _PASTE[0], "it holds a pivot table (a hidden copy of data): {part}", _PASTE[1]),
    "part_unknown": Message("含有不认识的部分：{part}", _PASTE[0], "it holds a part that is not known: {part}", _PASTE[1]),
    "xml_entities": Message("内部 XML 含有实体或非 UTF-8 编码：{part}", _PASTE[0], "its XML defines entities or is not UTF-8: {part}", _PASTE[1]),
    "date_1904": Message("工作簿用的是 1904 日期系统", "“选项 → 高级”里取消 1904 日期系统，核对日期后再存", "the workbook uses the 1904 date system", "turn it off (Options, Advanced), check the dates, save again"),
    "formula_cells": Message("{count} 个单元格是公式（{cells}），显示的值可能已过时", "选中整张表，“选择性粘贴为数值”后再存", "{count} cells are formulas ({cells}); what they show may be stale", "select the sheet, paste it as values, save again"),
    "error_cells": Message("{count} 个单元格是错误值（{cells}）", "更正这些单元格后再存", "{count} cells hold an error value ({cells})", "correct them and save again"),
    "merged_cells": Message("数据区有合并单元格（{cells}）", "取消合并，并把值填进每一行", "cells are merged among the data ({cells})", "unmerge them and fill in every row"),
    "sheet_too_large": Message("最远的单元格张成 {rows} 行 × {columns} 列", "删除数据以外的行和列，再存", "its outermost cells span {rows} rows by {columns} columns", "delete the rows and columns beyond the data, save again"),
    "hidden_sheet": Message("工作表是隐藏的，但已读取", "如不该读取，请删除它", "the worksheet is hidden, and was read", "delete it if it should not be read"),
    "hidden_rows": Message("有隐藏（筛掉）的行，也已读取", "如不该读取，请删除它们", "hidden (filtered) rows were read too", "delete them if they should not be read"),
    # --- headers -------------------------------------------------------------------------------------
    "no_header": Message("前 {within} 行里找不到表头", "第一行写列名（见 docs/formats/case.md），或先运行 mingshi map", "no header was found in the first {within} rows", "write column names in the first row (docs/formats/case.md), or run mingshi map"),
    "missing_column": Message("缺少必需的列 {name}", "补上这一列，或用 mingshi map 指定对应的列", "the required column {name} is missing", "add it, or name the column that holds it with mingshi map"),
    "column_twice": Message("两列都是 {name}：{headers}", "只留一列", "two columns are both {name}: {headers}", "keep one of them"),
    "columns_not_read": Message("这些列没有读取：{headers}", "不需要可不理会；需要请用 mingshi map", "these columns were not read: {headers}", "nothing to do if they are not needed; else use mingshi map"),
    "trait_columns": Message("这些列记录人的特征，从不读取：{headers}", "请从文件里删除：判客不需要民族、年龄、性别等", "these columns record traits of people and are never read: {headers}", "delete them: attribution needs no ethnicity, age, sex or the like"),
    "face_columns": Message("来自人脸抓拍的内容：{headers}", "删除这些列或表再导入：未经同意采集的人脸及其衍生数据没有合法依据，不能作为证据（规则修正 6，个保法 10、26）", "content derived from capturing faces: {headers}", "delete these columns or sheets: what was captured without consent has no lawful basis and is no evidence (amendment 6, PIPL 10 and 26)"),
    "extra_cells": Message("这一行的单元格比表头多", "检查该行是否多了分隔符", "this row has more cells than the header", "check it for a stray delimiter"),
    "total_row": Message("合计行，已跳过", "无需处理", "a row of totals; skipped", "nothing to do"),
    "rows_left_out": Message("{count} 行没有产生{sheet}记录，因为 {headers} 为空", "如果本应有，请补填", "{count} rows made no record of {sheet}, because {headers} is empty", "fill it in where there should be one"),
    # --- cells ---------------------------------------------------------------------------------------
    "required_empty": Message("不能为空", "请补填", "it must not be empty", "fill it in"),
    "cell_too_long": Message("超过 {limit} 个字符", "请缩短", "longer than {limit} characters", "shorten it"),
    "hidden_character": Message("含有看不见的控制或方向字符（{name}）", "请手工重新输入该单元格", "it holds an invisible control or direction character ({name})", "type the cell again by hand"),
    "damaged_text": Message("含有乱码替换字符", "回到原系统重新导出", "it holds the mark of a damaged encoding", "export it again from its system"),
    "error_value": Message("是表格的错误值", _CORRECT[0], "it is a spreadsheet's error value", _CORRECT[1]),
    "id_number_in_text": Message("含有身份证号", "删除它；身份证号只能写在“身份证号”列，读入即替换为代号", "it holds an identity-card number", "delete it; such a number belongs in the id_number column only, where a token replaces it"),
    "unknown_word": Message("不是可用的词", "可用：{words}", "it is not one of the words", "use one of: {words}"),
    "not_yes_no": Message("应为 是 或 否", _CORRECT[0], "it should be yes or no", _CORRECT[1]),
    "not_whole": Message("应为整数", _CORRECT[0], "it should be a whole number", _CORRECT[1]),
    "number_too_large": Message("数字大得反常", _CORRECT[0], "the number is abnormally large", _CORRECT[1]),
    "not_yuan": Message("应为以元计的金额，最多两位小数", "例如 2150000.00；不要四舍五入，写到分", "it should be an amount in yuan with at most two decimals", "for example 2150000.00; to the 分, not rounded"),
    "not_percent": Message("应为百分数", "例如 50%", "it should be a percentage", "for example 50%"),
    "percent_sign": Message("0 到 1 之间的数分不清是比例还是百分数", "带百分号写，例如 50%", "a number up to 1 may be a ratio or a percentage", "write it with the sign, for example 50%"),
    "not_phone": Message("不是电话号码", "大陆手机 11 位；座机带区号；境外写 +国家码；隐号写前三后四", "it is not a phone number", "11 digits; a landline with its area code; abroad with + and country code; masked as first three, last four"),
    "phone_lost_digits": Message("科学计数法，末几位已经丢失", _AS_TEXT[0], "it is in scientific notation and has lost digits", _AS_TEXT[1]),
    "several_phones": Message("一格里有多个号码", "只留一个；第二个号码写进“副手机号”或另一行", "several numbers in one cell", "keep one; put the second number under 副手机号, or in a row of its own"),
    "mask_form": Message("隐号应留前三后四", "例如 138****1234", "a masked number shows its first three and last four digits", "for example 138****1234"),
    "no_area_code": Message("座机缺区号", "例如 0571-88880000", "a landline needs its area code", "for example 0571-88880000"),
    "bad_id_number": Message("身份证号有误（{reason_zh}）", "请对照原件更正", "the identity-card number is wrong ({reason_en})", "compare it with the card"),
    "bad_time": Message("不是日期或时间", "例如 2026-05-03 09:12:00", "it is not a date or time", "for example 2026-05-03 09:12:00"),
    "impossible_time": Message("没有这一天或这一刻", _CORRECT[0], "there is no such day or moment", _CORRECT[1]),
    "two_digit_year": Message("年份要写四位，并写在最前", "例如 2026-05-03", "the year must have four digits and stand first", "for example 2026-05-03"),
    "time_without_date": Message("只有时刻，没有日期", "补上日期", "it has a time but no date", "add the date"),
    "default_date": Message("是系统的默认日期，不是真实日期", "没有就留空", "it is a system's default date, not a real one", "leave it empty if there is none"),
    "open_end": Message("“长期”“至今”不是日期", "没有终止日期就留空", "an open end is not a date", "leave it empty"),
    "needs_exact_time": Message("必须精确到时刻，不能只有日期", "例如 2026-05-03 09:12:00", "it must be an exact time, not a date alone", "for example 2026-05-03 09:12:00"),
    "more_of_same": Message("同类问题还有 {count} 处", "更正上面各处时一并更正", "{count} more of the same", "correct them with those above"),
    # --- between rows --------------------------------------------------------------------------------
    "merged_duplicates": Message("这一行与另一行完全相同；这样的 {count} 行已合并", "若是两件事，请各给一个编号", "it equals another row; {count} such rows were merged", "if they are two facts, give each its own id"),
    "id_twice": Message("编号与 {file_of} 第 {other} 行相同，内容不同", "给其中一行另编号，或删去错的一行", "its id is also that of {file_of} row {other}, which differs", "give one of them another id, or delete the wrong one"),
    "id_in_two_sheets": Message("编号也用在{sheet}", "编号在整个案例里要唯一：加前缀，如 R1、V1", "the id is also used in {sheet}", "ids are unique in a case: add a prefix, such as R1, V1"),
    "unknown_reference": Message("{sheet}里没有这个编号", "补上那一行，或更正编号", "{sheet} has no such id", "add that row, or correct the id"),
    "no_such_record": Message("整个案卷里没有这个编号", "补上那一行，或更正编号", "no record of the case has this id", "add that row, or correct the id"),
    "before_opening": Message("早于项目开盘 {opened}", "核对日期，或更正 case.toml 的 opened", "it is before the project opened on {opened}", "check the date, or `opened` in case.toml"),
    "negative": Message("不能为负", "核对金额或数量", "it must not be negative", "check the amount or number"),
    "not_positive": Message("应大于零", "核对数量", "it should be above zero", "check the number"),
    "wrong_order": Message("早于“{other_zh}”", "核对两处时间", "it is earlier than {other}", "check both times"),
    "low_above_high": Message("下限大于上限", "两数对调", "the lower bound is above the upper", "swap the two"),
    "out_of_range": Message("应在 {low} 与 {high} 之间", _CORRECT[0], "it should lie between {low} and {high}", _CORRECT[1]),
    "term_without_rate": Message("按比例的条款没有比例", "填写佣金比例，例如 1.5%", "the term pays a percentage but gives no rate", "give the rate, for example 1.5%"),
    "term_without_amount": Message("条款没有金额", "填写每套金额", "the term gives no amount", "give the amount per deal"),
    "tiers_overlap": Message("与第 {other} 行的档位重叠，同一套会计两次佣金", "改正起止套数或起止日期", "its tier overlaps that of row {other}: a deal would be paid twice", "correct the numbers of deals, or the dates"),
    "invoice_twice": Message("发票号与第 {other} 行相同", "同一号码只能开一次；红字发票用自己的号码", "its number is also that of row {other}", "a number is issued once; a credit note has its own"),
    "beyond_price": Message("单笔金额超过成交总价", "核对金额或总价", "the amount alone exceeds the price", "check the amount or the price"),
    "receipts_beyond_price": Message("到这一笔为止的回款超过成交总价；已计入", "核对是否有面积差价，或重复录入", "with this payment the receipts exceed the price; it was counted", "check for a change of area, or a double entry"),
    "issuer_unknown": Message("开票方没有协议；这张发票不能放行任何佣金", "核对开票方，或补上协议", "the issuer has no agreement; this invoice releases no commission", "check the issuer, or add the agreement"),
    "payee_unknown": Message("收款方没有协议；已计入已付，列为多付", "核对收款方，或补上协议", "the payee has no agreement; it was counted as paid, and as overpaid", "check the payee, or add the agreement"),
    "same_as_itself": Message("指向自己", _CORRECT[0], "it points at itself", _CORRECT[1]),
}
# fmt: on
