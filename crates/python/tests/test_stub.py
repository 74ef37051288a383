"""The stub says what the module takes: the same functions with the same parameters and defaults."""

import ast
import inspect
import unittest
from pathlib import Path

import recount_forensics as rf

STUB = Path(__file__).parents[1] / "recount_forensics.pyi"


def declared():
    tree = ast.parse(STUB.read_text())
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def parameters(node):
    """(name, keyword only, default) of each parameter of a function in the stub."""
    positional = node.args.args
    missing = [None] * (len(positional) - len(node.args.defaults))
    for parameter, default in zip(positional, missing + node.args.defaults):
        yield parameter.arg, False, ast.literal_eval(default) if default else inspect.Parameter.empty
    for parameter, default in zip(node.args.kwonlyargs, node.args.kw_defaults):
        yield parameter.arg, True, ast.literal_eval(default) if default else inspect.Parameter.empty


class Stub(unittest.TestCase):
    """The stub against the module."""

    def test_every_function_is_declared(self):
        functions = {name for name, own in vars(rf).items() if callable(own)}
        self.assertEqual(functions, set(declared()))
        self.assertGreater(len(functions), 30)
        self.assertTrue(rf.__version__ and rf.__doc__)

    def test_parameters_and_words(self):
        for name, node in declared().items():
            own = getattr(rf, name)
            with self.subTest(function=name):
                actual = [
                    (each.name, each.kind is inspect.Parameter.KEYWORD_ONLY, each.default)
                    for each in inspect.signature(own).parameters.values()
                ]
                self.assertEqual([each[:2] for each in actual], [each[:2] for each in parameters(node)])
                for (_, _, found), (_, _, said) in zip(actual, parameters(node)):
                    self.assertEqual(found, said)
                # The stub has a sentence, the module at least as much.
                self.assertGreater(len(ast.get_docstring(node)), 10)
                self.assertGreaterEqual(len(own.__doc__), len(ast.get_docstring(node)))


if __name__ == "__main__":
    unittest.main(verbosity=1)
