from pkgs.circular_from import other
thing = 2
