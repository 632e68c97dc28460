"""No page without its picture: whoever adds a route adds it to the walk, or says why it gives no page."""

from screens import NO_PAGE, WALKED, page_routes


def test_every_page_route_is_in_the_screenshot_walk_or_says_why_not():
    assert page_routes() == WALKED | NO_PAGE.keys()
    assert not WALKED & NO_PAGE.keys()
    assert len(WALKED) > 40
