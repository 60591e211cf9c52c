match 3:
    case x:
        pass
    case 4:
        pass
