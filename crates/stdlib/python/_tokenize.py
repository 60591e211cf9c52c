"""The tokenizer's iterator. The interpreter's lexer gives no token stream to scripts yet."""


class TokenizerIter:
    def __init__(self, readline, /, *, encoding=None, extra_tokens=False):
        raise NotImplementedError("tokenize: the lexer's tokens are not available to scripts yet")
