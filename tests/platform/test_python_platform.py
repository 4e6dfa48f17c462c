import platform


def test_the_folder_named_platform_does_not_hide_pythons_own_module():
    assert platform.python_version_tuple() >= ("3", "11")
