"""The law as data with dates.

*.toml         one version of a decree each: acts, groups, articles, fines, points, from when to when, source, verified
provision.py   a row; bands above the speed limit
code.py        the rows of a country by date: resolve
acts.py        what a rule finds, in the words of the law
"""

from contracts.law.acts import acts_of, provisions_of
from contracts.law.code import Law, LawError, law_of, parse_law
from contracts.law.provision import Band, Provision

__all__ = ["Band", "Law", "LawError", "Provision", "acts_of", "law_of", "parse_law", "provisions_of"]
