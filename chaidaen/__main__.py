from chaidaen.cli import main

main()
