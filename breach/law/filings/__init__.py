"""Reports to authorities: drafted from the case's own record, approved as exact texts, filed with proof."""
