"""Files beside the page: badge, feed, calendar."""
