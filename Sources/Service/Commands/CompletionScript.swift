/// What makes a shell complete a program's command lines.
///
/// The scripts ask the program itself, by its hidden command `complete`, so that they never go out of date.
public enum CompletionScript: String, Sendable, CaseIterable {
  /// GNU bash, 4.4 or later.
  case bash
  /// The Z shell.
  case zsh
  /// The friendly interactive shell.
  case fish

  /// The script for a program of that name, which is made of letters.
  public func text(for program: String) -> String {
    switch self {
    case .bash: Self.bash(program)
    case .zsh: Self.zsh(program)
    case .fish: Self.fish(program)
    }
  }

  // To bash a colon and an equals sign are words of their own, and what stands behind a colon is all that is replaced
  // (https://www.gnu.org/software/bash/manual/bash.html, COMP_WORDBREAKS).
  private static func bash(_ program: String) -> String {
    """
    # Completion of \(program) for bash. Either: source <(\(program) completion bash)
    # or put this file into ~/.local/share/bash-completion/completions/\(program)
    _\(program)() {
      local words=() word line glue= paths=
      for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
        if [[ ( $word == : || $glue ) && ${#words[@]} -gt 0 ]]; then words[-1]+=$word; else words+=("$word"); fi
        glue=
        if [[ $word == : ]]; then glue=yes; fi
      done
      local current=${words[-1]-}
      local before=${current%"${current##*:}"}
      COMPREPLY=()
      while IFS= read -r line; do
        case $line in
          :files) paths=-f ;;
          :folders) paths=-d ;;
          *)
            word=${line%%$'\\t'*}
            COMPREPLY+=("${word#"$before"}")
            ;;
        esac
      done < <("${COMP_WORDS[0]}" complete -- "${words[@]}" 2>/dev/null)
      if [[ $paths ]]; then
        compopt -o filenames
        while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$paths" -- "${COMP_WORDS[COMP_CWORD]}")
      fi
    }
    complete -F _\(program) \(program)

    """
  }

  // https://zsh.sourceforge.io/Doc/Release/Completion-System.html
  private static func zsh(_ program: String) -> String {
    """
    #compdef \(program)
    # Completion of \(program) for zsh. Put this file into a folder of $fpath, as _\(program), before compinit runs;
    # or behind compinit: source <(\(program) completion zsh)
    _\(program)() {
      local line
      local -a candidates
      for line in "${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        case $line in
          '') ;;
          :files) _files ;;
          :folders) _files -/ ;;
          *$'\\t'*) candidates+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}") ;;
          *) candidates+=("${line//:/\\\\:}") ;;
        esac
      done
      (( ${#candidates} )) && _describe '\(program)' candidates
    }
    if [ "$funcstack[1]" = "_\(program)" ]; then _\(program) "$@"; else compdef _\(program) \(program); fi

    """
  }

  // https://fishshell.com/docs/current/completions.html
  private static func fish(_ program: String) -> String {
    """
    # Completion of \(program) for fish. Either: \(program) completion fish | source
    # or put this file into ~/.config/fish/completions/\(program).fish
    function __\(program)_complete
      set -l words (commandline -opc)
      set -l current (commandline -ct)
      for line in ($words[1] complete -- $words[2..-1] $current 2>/dev/null)
        switch $line
          case ':files'
            __fish_complete_path $current
          case ':folders'
            __fish_complete_directories $current
          case '*'
            echo $line
        end
      end
    end
    complete -c \(program) -f -a '(__\(program)_complete)'

    """
  }
}
