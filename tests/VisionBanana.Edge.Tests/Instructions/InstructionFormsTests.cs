using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Tests.Instructions;

/// <summary>The table of what can be asked is whole: what was forgotten when a task was added is named here.</summary>
public sealed class InstructionFormsTests
{
    private static readonly LabelPalette Classes = new([new LabelColour(1, "wall", new Rgb24(255, 0, 0))]);

    [Fact]
    public void All_EveryKindOfPercept_HasOneForm() =>
        Assert.Equal(Enum.GetValues<PerceptKind>(), InstructionForms.All.Select(form => form.Kind).Order());

    [Fact]
    public void All_EveryKindOfForm_StandsInTheTable()
    {
        IEnumerable<string> forms = typeof(InstructionForm).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(InstructionForm))).Select(type => type.Name);
        Assert.Empty(forms.Except(InstructionForms.All.Select(form => form.GetType().Name)));
    }

    [Fact]
    public void Example_EveryForm_ReadsItAndItsPromptAsItsKind()
    {
        foreach (InstructionForm form in InstructionForms.All)
        {
            var asked = Instruction.Parse(form.Example, Classes);
            Assert.Equal(form.Kind, asked.Kind);
            Assert.Equal(form.Kind, Instruction.Parse(asked.Prompt, Classes).Kind);
            Assert.Same(form, InstructionForms.Of(form.Kind));
        }
    }

    [Fact]
    public void Parse_WhatNothingReads_IsToldEveryForm()
    {
        InstructionFormatException error = Assert.Throws<InstructionFormatException>(() => Instruction.Parse("smell"));
        Assert.All(InstructionForms.All, form => Assert.Contains(form.Example.Split(':')[0], error.Message, StringComparison.Ordinal));
    }
}
