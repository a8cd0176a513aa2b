"""Named facts, stored with the change that made them, and who must hear of them."""
