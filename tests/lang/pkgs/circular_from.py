from pkgs.circular_from2 import thing
other = 1
