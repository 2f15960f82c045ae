"""Court-years that are made up, to see how often the estimates of `scoring` keep their word."""
