using System.CommandLine;
using System.Text;

namespace VisionBanana.Edge.Cli.Shell;

/// <summary>Writes the completion for bash, from the verbs and options as the parser knows them; where nothing fits, bash completes files.</summary>
internal static class BashCompletion
{
    public static string Write(RootCommand root)
    {
        VerbTree[] verbs = [.. VerbTree.Of(root)];
        var script = new StringBuilder();
        script.Append("# Completion of vbedge for bash, written by 'vbedge completion'.\n_vbedge() {\n");
        script.Append("    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb=vbedge words='' word\n");
        script.Append("    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n        case \"$verb $word\" in\n");
        script.Append($"            {string.Join('|', verbs.Skip(1).Select(v => $"'{v.Path}'"))}) verb+=\" $word\" ;;\n        esac\n    done\n");
        script.Append("    case \"$verb $previous\" in\n");
        foreach ((VerbTree verb, Option option) in verbs.SelectMany(v => v.Options.Where(VerbTree.TakesValue).Select(o => (v, o))))
        {
            string words = string.Join(' ', VerbTree.WordsOf(option));
            script.Append($"        '{verb.Path} {option.Name}') mapfile -t COMPREPLY < <(compgen -W '{words}' -- \"$current\"); return ;;\n");
        }

        script.Append("    esac\n    case \"$verb\" in\n");
        foreach (VerbTree verb in verbs)
        {
            IEnumerable<string> verbsBelow = verb.Command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
            IEnumerable<string> words = verbsBelow.Concat(verb.Options.Select(o => o.Name)).Append("--help");
            script.Append($"        '{verb.Path}') words='{string.Join(' ', words.Distinct())}' ;;\n");
        }

        script.Append("    esac\n    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n}\ncomplete -o default -F _vbedge vbedge\n");
        return script.ToString();
    }
}
