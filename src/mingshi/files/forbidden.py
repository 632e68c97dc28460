"""Columns that are refused because they come from capturing faces, and columns of traits that are never read.

The rules this module keeps:

1. A column, sheet or file named after face capture is refused whole, in whatever spelling: evidence without
   a lawful basis is excluded, not weighed (RULES.md amendment 6; L-25; PIPL 10, 26). The name is enough: no
   value is looked at.
2. Columns of traits (ethnicity, age, sex, expression …) are never read, and the file's owner is told to
   delete them (INV-05, L-20).
3. No name of the format itself falls under either rule (a test checks).
"""

import re
import unicodedata
from typing import Final

_FACE_CHINESE: Final = re.compile(
    "抓拍|抓怕|人脸|人臉|刷脸|刷臉|脸部|臉部|面部|面容|脸库|首抓|末抓|活体|快照|摄像|攝像"
    "|识别率|識別率|识别时间|識別時間|识别次数|识别数|识别客户|特征值|特征码"
    "|相似度|相似率|比对分|比对得分|比对结果|全景图|全景圖|全景照|动线|動線|行动轨迹|到访轨迹"
    "|监控截图|监控照片|监控视频|现场照|到访照|到访视频|首访视频"
)
_FACE_WORDS: Final = frozenset(
    {
        *("face", "faces", "facial", "facepass", "faceid", "photo", "photos", "snap", "snaps", "snapshot"),
        *("snapshots", "snapdate", "captured", "panoramic", "panorama", "panoramicview", "similarface"),
        *("similarfaces", "similarity", "verifyscore", "biometric", "biometrics", "embedding", "trajectory"),
        *("renlian", "zhuapai", "shualian", "xiangsidu"),
    }
)
_FACE_RUNS: Final = (
    "firstphoto", "lastphoto", "nonephoto", "phototime", "snapdate", "snaptime", "snapshot", "firstsnap",
    "panoramic", "similarface", "verifyscore", "facetime", "facerecog", "facescore", "faceid", "faceimage",
    "facecapture", "facephoto", "capturetime", "capturedat", "renlian", "zhuapai", "shualian",
)  # fmt: skip

_TRAIT_CHINESE: Final = re.compile(
    "民族|种族|族裔|年龄|年龄段|岁数|性别|表情|情绪|宗教|信仰|健康状况|血型|步态|出生日期|出生年月|生日|婚姻状况|婚否"
)
_TRAIT_WORDS: Final = frozenset(
    {
        *("ethnicity", "ethnic", "nation", "race", "nationality", "age", "ages", "sex", "gender", "emotion"),
        *("emotions", "expression", "religion", "health", "gait", "birthday", "birthdate", "dob", "marital"),
        *("minzu", "xingbie", "nianling"),
    }
)
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def is_face(name: str) -> bool:
    """Whether a name speaks of face capture or of what is derived from it."""
    text, words, run = _spellings(name)
    return bool(_FACE_CHINESE.search(text)) or bool(words & _FACE_WORDS) or any(each in run for each in _FACE_RUNS)


def is_trait(name: str) -> bool:
    """Whether a name speaks of a trait of a person."""
    text, words, _ = _spellings(name)
    return bool(_TRAIT_CHINESE.search(text)) or bool(words & _TRAIT_WORDS)


def _spellings(name: str) -> tuple[str, set[str], str]:
    """The name without separators, its Latin words, and its Latin letters in one run."""
    text = "".join(char for char in unicodedata.normalize("NFKC", name) if unicodedata.category(char) != "Cf")
    words = {word.lower() for word in _WORD.findall(text)}
    bare = re.sub(r"[\W_]+", "", text).lower()
    return bare, words, re.sub(r"[^a-z]+", "", bare)
