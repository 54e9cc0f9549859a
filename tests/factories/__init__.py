"""Objects for tests, one module a feature.

Each factory goes by a name of type Any: mypy takes what a factory makes for the factory itself.
"""
