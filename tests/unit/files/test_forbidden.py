"""INV-05: columns from face capture and of a person's traits are known in whatever spelling."""

import pytest

from mingshi.files.forbidden import is_face, is_trait

FACES = [
    *(
        "抓拍时间",
        "首抓",
        "首次抓拍",
        "人脸",
        "人 脸 照 片",
        "人脸识别率(%)",
        "识别率",
        "相似度",
        "全景图",
        "动线",
        "到访动线",
        "刷脸次数",
    ),
    *(
        "firstPhotoTime",
        "FIRST_PHOTO_TIME",
        "first-photo-time",
        "First Photo Time",
        "firstphototime",
        "ｆｉｒｓｔＰｈｏｔｏＴｉｍｅ",
    ),
    *(
        "snapDate",
        "snap_date",
        "SNAPDATE",
        "lastPhotoTime",
        "panoramicView",
        "verifyScore",
        "similarFaces",
        "similar_faces",
    ),
    *(
        "nonePhotoBeforeBrushCard",
        "face",
        "FaceID",
        "face_score",
        "faceImageUrl",
        "人\u200b脸",
        "人臉",
        "識別率",
        "监控截图",
        "摄像头编号",
    ),
    *("认证客户识别数", "首次人脸识别时间", "特征值", "活体检测", "renlian_time", "zhuapaishijian"),
]
NOT_FACES = [
    *(
        "报备时间",
        "首访时间",
        "surface",
        "preface",
        "interface",
        "面积",
        "建筑面积",
        "当面签署",
        "识别码",
        "快递",
        "比例",
        "照顾",
        "拍卖",
        "capture",
    ),
    *("phone", "photocopy", "present", "snapper", "脸谱"),
]


@pytest.mark.parametrize("name", FACES)
def test_names_from_face_capture_are_known_in_any_spelling(name):
    assert is_face(name)


@pytest.mark.parametrize("name", NOT_FACES)
def test_other_names_are_left_alone(name):
    assert not is_face(name)


@pytest.mark.parametrize(
    "name",
    ["民族", "种族", "年龄", "年龄段", "客户性别", "表情", "ethnicity", "Age", "sex", "gender", "date_of_birth_dob"],
)
def test_traits_are_known(name):
    assert is_trait(name)


@pytest.mark.parametrize("name", ["agent", "page", "message", "agency", "桥梁", "stage", "sexton", "年份"])
def test_what_is_no_trait(name):
    assert not is_trait(name)
