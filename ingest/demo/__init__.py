"""Parts of the synthetic demo corpus; everything here is drawn or computed, nobody was recorded."""
