"""Our figures beside their baselines, measured in the same run; never part of the tests."""
